import type { CollectFigures, CollectOrder } from '../collectRun.ts';
import { serve } from '../serve.ts';

// Before anything of ours is loaded: what a process without us takes.
const idleRss = process.memoryUsage.rss();

serve(async (order: CollectOrder): Promise<CollectFigures & { readonly idleRss: number }> => {
  const { collectRun } = await import('../collectRun.ts');
  return { ...(await collectRun(order)), idleRss };
});
