import type { CollectFigures, CollectOrder } from '../collectRun.ts';
import { serve } from '../serve.ts';

// Measured before our code is loaded: the memory of an idle process.
const idleRss = process.memoryUsage.rss();

serve(async (order: CollectOrder): Promise<CollectFigures & { readonly idleRss: number }> => {
  const { collectRun } = await import('../collectRun.ts');
  return { ...(await collectRun(order)), idleRss };
});
