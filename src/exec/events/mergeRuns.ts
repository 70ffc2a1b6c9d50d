import { t } from '@vscode/l10n';
import { ConsulError } from '../../consul/errors/consulErrors.ts';
import { mergeSequences } from '../../base/mergeSequences.ts';
import { nodeLabel } from '../../base/nodeLabel.ts';
import type { RunEnd, RunEvent } from './runEvent.ts';

/** What happens in one datacenter of a run. */
export interface DatacenterRun {
  readonly datacenter: string;
  readonly events: AsyncGenerator<RunEvent, void>;
}

/** How a datacenter's share of a run ended. */
export type PartEnding = Extract<RunEvent, { kind: 'partFinished' }>;
type Finished = Extract<RunEvent, { kind: 'finished' }>;

/** The run as a whole ends as its worst part does. */
const BEST_TO_WORST: readonly RunEnd[] = [
  'complete',
  'quiet',
  'stopped',
  'sessionLost',
  'unreachable',
];

/**
 * Merges what happens in several datacenters into one run: nodes are named `name@datacenter`, the end
 * of each part is reported when it comes, and the run finishes once, as its worst part does. A part
 * that fails while others continue ends as `unreachable`.
 * @param announcements how many events all of them send; 0 when they have been sent before
 * @param before parts that had ended before the window was reloaded
 * @throws the first failure, when nothing was announced anywhere
 */
export async function* mergeRuns(
  runs: readonly DatacenterRun[],
  announcements: number,
  before: readonly PartEnding[] = [],
): AsyncGenerator<RunEvent, void> {
  const endings = [...before];
  const parts = runs.length + before.length;
  const failures: ConsulError[] = [];
  let announced = 0;
  const throwIfNothingAnnounced = () => {
    if (failures[0] && announcements > 0 && announced === 0) throw failures[0];
  };
  for await (const { source, result } of mergeSequences(runs, ({ events }) => events)) {
    const { datacenter } = source;
    if (result.failed) {
      if (!(result.error instanceof ConsulError)) throw result.error;
      failures.push(result.error);
      const { message: reason } = result.error;
      yield ended({ end: 'unreachable', reason }, datacenter, endings);
    } else if (result.value.kind === 'finished') {
      yield ended(result.value, datacenter, endings);
    } else if (result.value.kind === 'announced' && result.value.attempt === undefined) {
      announced++;
      yield { ...result.value, number: announced, of: announcements };
      continue;
    } else {
      yield relabel(result.value, datacenter);
      continue;
    }
    if (endings.length < parts) continue;
    throwIfNothingAnnounced();
    yield worst(endings); // parts can still be cleaning up
  }
  // Detached parts do not finish, and neither does the run.
  throwIfNothingAnnounced();
  if (runs.length === 0 && parts > 0) yield worst(endings);
}

function ended(
  { end, reason }: Pick<Finished, 'end' | 'reason'>,
  datacenter: string,
  endings: PartEnding[],
): PartEnding {
  const ending: PartEnding = {
    kind: 'partFinished',
    at: Date.now(),
    datacenter,
    end,
    ...(reason === undefined ? {} : { reason }),
  };
  endings.push(ending);
  return ending;
}

function relabel(event: RunEvent, datacenter: string): RunEvent {
  if ('node' in event) return { ...event, node: nodeLabel(event.node, datacenter) };
  if ('nodes' in event) {
    const nodes = event.nodes.map((node) => nodeLabel(node, datacenter));
    const isOfSession = event.kind === 'attempted' || event.kind === 'limited';
    return isOfSession ? { ...event, nodes, datacenter } : { ...event, nodes };
  }
  if (event.kind === 'kept') return { ...event, datacenter };
  if (event.kind === 'warning') {
    return { ...event, text: t('In {0}: {1}', datacenter, event.text) };
  }
  return event;
}

function worst(endings: readonly PartEnding[]): Finished {
  const ranks = endings.map(({ end }) => BEST_TO_WORST.indexOf(end));
  const reasons = endings.flatMap(({ reason, datacenter }) =>
    reason === undefined ? [] : [t('In {0}: {1}', datacenter, reason)],
  );
  return {
    kind: 'finished',
    at: Date.now(),
    end: BEST_TO_WORST[Math.max(0, ...ranks)] ?? 'complete',
    ...(reasons.length > 0 ? { reason: reasons.join(' ') } : {}),
  };
}
