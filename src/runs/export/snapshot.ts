import type { OutputGrouping, OutputGroup } from '../grouping/outputGrouping.ts';
import type { Ledger } from '../model/ledger.ts';
import type { OutputReader, OutputStore } from '../output/outputStore.ts';
import type { Run, RunInfo } from '../run.ts';

/** A run at one moment: an export takes time, and a run can continue meanwhile. */
export interface RunSnapshot {
  readonly info: RunInfo;
  readonly ledger: Ledger;
  readonly output: OutputReader;
  readonly groups: readonly OutputGroup[];
}

/** The run as it is now. Outputs are read when they are needed, up to their current ends. */
export function takeSnapshot(
  run: Run,
  grouping: OutputGrouping = run.groupings.exact,
): RunSnapshot {
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

/** A node's output never changes, so its current length is enough. */
function outputUpToNow(output: OutputStore, nodes: readonly string[]): OutputReader {
  const sizes = new Map(nodes.map((node) => [node, output.size(node)]));
  const size = (node: string) => sizes.get(node) ?? 0;
  return {
    size,
    read: (node) => output.readRange(node, 0, size(node)),
    stream: (node) => output.stream(node, 0, size(node)),
    gaps: (node) => output.gaps(node).filter(({ position }) => position <= size(node)),
    decoding: (node) => output.decoding(node),
  };
}
