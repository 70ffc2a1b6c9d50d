import { Ledger } from '../../../src/runs/model/ledger.ts';
import { OutputGrouping } from '../../../src/runs/grouping/outputGrouping.ts';
import { forgedName, forgedOutput } from '../forgedFleet.ts';
import { type Figures, median, printTable, rounded } from '../figures.ts';

const NODES = 10_000;
const BYTES = 1024;
const RUNS = 9;

/** Measures grouping by identical output, from bytes to groups. The CLI has no such feature. */
export async function groups(): Promise<Figures> {
  const rows: Figures[] = [];
  for (const [name, kinds] of [
    ['all identical', 1],
    ['12 kinds', 12],
    ['all different', NODES],
  ] as const) {
    const outputs = Array.from({ length: kinds }, (_, i) => forgedOutput(i, BYTES));
    const times: { fold: number; group: number }[] = [];
    for (let run = 0; run < RUNS; run++) {
      times.push(measure(outputs));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const fold = rounded(median(times.map((time) => time.fold)));
    const group = rounded(median(times.map((time) => time.group)));
    rows.push({ case: name, digesting: fold, grouping: group, total: rounded(fold + group) });
  }
  const title = `groups: ${NODES} outputs of ${BYTES} bytes, ms`;
  printTable(title, rows);
  return { nodes: NODES, bytes: BYTES, cases: rows };
}

function measure(outputs: readonly Buffer[]): { fold: number; group: number } {
  const ledger = new Ledger();
  const grouping = new OutputGrouping();
  const names = Array.from({ length: NODES }, (_, i) => forgedName(i));
  for (const node of names) ledger.apply({ kind: 'exited', at: 0, node, code: 0 });
  const from = performance.now();
  for (const [i, node] of names.entries()) {
    const bytes = outputs[i % outputs.length];
    if (bytes) grouping.append(node, bytes);
    grouping.end(node);
  }
  const folded = performance.now();
  const found = grouping.groups(ledger);
  const to = performance.now();
  if (found.length !== outputs.length) throw new Error(`${found.length} groups were found`);
  return { fold: folded - from, group: to - folded };
}
