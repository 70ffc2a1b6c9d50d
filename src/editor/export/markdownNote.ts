import { exportMarkdown } from '../../runs/export/markdown.ts';
import type { IgnoredDifferences } from '../../runs/grouping/ignoredDifferences.ts';
import type { Run } from '../../runs/run.ts';

/** Writes the current state of a run as Markdown, with outputs grouped as in the Runs view. */
export async function* markdownNote(
  run: Run,
  ignored: IgnoredDifferences,
): AsyncGenerator<string, void> {
  yield* exportMarkdown(run, Date.now(), await run.groupings.ignoring(ignored));
}
