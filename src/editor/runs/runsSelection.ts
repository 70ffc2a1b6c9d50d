import type { RunElement } from './runElements.ts';

/** The rows of the Runs view that are selected, kept by the view for commands that come from a key. */
export class RunsSelection {
  rows: readonly RunElement[] = [];
}
