import * as v from 'valibot';
import * as vscode from 'vscode';
import { DEFAULT_ENCODING, isEncoding } from '../../base/encoding.ts';
import type { ChosenEncodings } from '../../runs/output/outputEncodings.ts';
import type { Run } from '../../runs/run.ts';
import { StateKey } from '../base/stateKey.ts';
import type { ConnectionService } from '../connections/connectionService.ts';
import type { RunList } from '../runs/runList.ts';

/** Runs whose encodings are remembered: the history has not many more. */
const MAX_RUNS = 300;

const Encoding = v.pipe(v.string(), v.check(isEncoding));

/** By the ids of runs, in the order in which they were chosen. */
const CHOSEN = new StateKey<Readonly<Record<string, ChosenEncodings>>>(
  'outputEncodings',
  v.record(
    v.string(),
    v.object({ all: v.optional(Encoding), nodes: v.optional(v.record(v.string(), Encoding)) }),
  ),
  {},
);

/**
 * The encodings in which nodes write: that of the connection, unless the user chose another one for a run
 * or a node.
 */
export class EncodingChoices implements vscode.Disposable {
  readonly #state: vscode.Memento;
  readonly #runs: RunList;
  readonly #connections: ConnectionService;
  readonly #changed = new vscode.EventEmitter<Run>();
  readonly #subscriptions: vscode.Disposable[];
  /** Encodings of connections by name. */
  #standard: ReadonlyMap<string, string>;

  /** Fires for each open run whose encodings changed. */
  readonly onDidChange = this.#changed.event;

  constructor(state: vscode.Memento, runs: RunList, connections: ConnectionService) {
    this.#state = state;
    this.#runs = runs;
    this.#connections = connections;
    this.#standard = this.#readStandard();
    this.#subscriptions = [
      runs.onDidChangeList(() => this.#applyToAll()),
      connections.onDidChange(() => {
        this.#standard = this.#readStandard();
        this.#applyToAll();
      }),
    ];
  }

  /** Sets the encodings of a run that was just opened. */
  readonly apply = (run: Run): void => this.#apply([run]);

  /**
   * @param encoding undefined for that of the connection
   * @param node undefined for all nodes
   */
  async choose(run: Run, encoding: string | undefined, node: string | undefined): Promise<void> {
    const { id } = run.info;
    const { [id]: before = {}, ...others } = CHOSEN.read(this.#state);
    const chosen =
      node === undefined
        ? { all: encoding }
        : { ...before, nodes: withNode(before, node, encoding) };
    const saved = new Map([...Object.entries(others).slice(1 - MAX_RUNS), [id, chosen]]);
    await CHOSEN.write(this.#state, Object.fromEntries(saved));
    this.apply(run);
    // Groups show excerpts.
    this.#runs.notifyChanged();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  #applyToAll(): void {
    this.#apply(this.#runs.all.flatMap(({ run }) => run ?? []));
  }

  #apply(runs: readonly Run[]): void {
    const chosen = CHOSEN.read(this.#state);
    for (const run of runs) {
      const { id, connection } = run.info;
      const standard = this.#standard.get(connection) ?? DEFAULT_ENCODING;
      if (run.output.encodings.set(chosen[id] ?? {}, standard)) this.#changed.fire(run);
    }
  }

  #readStandard(): ReadonlyMap<string, string> {
    const { profiles } = this.#connections.profiles;
    return new Map(
      profiles.flatMap(({ name, outputEncoding }) =>
        outputEncoding === undefined ? [] : [[name, outputEncoding] as const],
      ),
    );
  }
}

function withNode(
  { nodes = {} }: ChosenEncodings,
  node: string,
  encoding: string | undefined,
): Readonly<Record<string, string>> {
  const chosen = new Map(Object.entries(nodes));
  if (encoding === undefined) chosen.delete(node);
  else chosen.set(node, encoding);
  return Object.fromEntries(chosen);
}
