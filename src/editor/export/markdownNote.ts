import { exportMarkdown } from '../../runs/export/markdown.ts';
import type { Ignored } from '../../runs/ignored.ts';
import type { Run } from '../../runs/run.ts';

/** A run as a note of this moment, its outputs grouped as the Runs view groups them. */
export async function* markdownNote(run: Run, ignored: Ignored): AsyncGenerator<string, void> {
  yield* exportMarkdown(run, Date.now(), await run.groupings.ignoring(ignored));
}
