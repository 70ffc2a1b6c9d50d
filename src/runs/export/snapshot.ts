import type { Grouping, OutputGroup } from '../grouping.ts';
import type { Ledger } from '../ledger.ts';
import type { OutputReader, OutputStore } from '../outputStore.ts';
import type { Run, RunInfo } from '../run.ts';

/** A run at one moment. Writing one down takes its time, and a run that is going on goes on meanwhile. */
export interface RunSnapshot {
  readonly info: RunInfo;
  readonly ledger: Ledger;
  readonly output: OutputReader;
  readonly groups: readonly OutputGroup[];
}

/** The run as it is now; its outputs are read when they are asked for, up to where they are now. */
export function takeSnapshot(run: Run, grouping: Grouping = run.groupings.exact): RunSnapshot {
  const ledger = run.ledger.copy();
  return {
    info: run.info,
    ledger,
    output: outputUpToNow(
      run.output,
      Array.from(ledger.nodes, ({ node }) => node),
    ),
    groups: grouping.groups(ledger),
  };
}

/** What a node wrote never changes, so where it ends is all that must be remembered. */
function outputUpToNow(output: OutputStore, nodes: readonly string[]): OutputReader {
  const sizes = new Map(nodes.map((node) => [node, output.size(node)]));
  const size = (node: string) => sizes.get(node) ?? 0;
  return {
    size,
    read: (node) => output.readRange(node, 0, size(node)),
    stream: (node) => output.stream(node, 0, size(node)),
  };
}
