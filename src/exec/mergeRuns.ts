import { t } from '@vscode/l10n';
import { ConsulError } from '../consul/errors.ts';
import { mergeSequences } from './mergeSequences.ts';
import { nodeLabel } from './nodeLabel.ts';
import type { RunEnd, RunEvent } from './runEvent.ts';

/** What happens in one datacenter of a run. */
export interface DatacenterRun {
  readonly datacenter: string;
  readonly events: AsyncGenerator<RunEvent, void>;
}

type Finished = Extract<RunEvent, { kind: 'finished' }>;

/** How a run ends, best first: the run as a whole ends as its worst part does. */
const FROM_BEST: readonly RunEnd[] = ['complete', 'quiet', 'stopped', 'sessionLost', 'unreachable'];

/**
 * What happens in several datacenters as one run: nodes are named `name@datacenter`, and it finishes
 * once, as its worst part does. A part that fails while others go on ends as `unreachable`.
 * @param announcements how many events all of them send; 0 when they have been sent before
 * @throws the first failure, when nothing was announced anywhere
 */
export async function* mergeRuns(
  runs: readonly DatacenterRun[],
  announcements: number,
): AsyncGenerator<RunEvent, void> {
  const endings: (Finished & { datacenter: string })[] = [];
  const failures: ConsulError[] = [];
  let announced = 0;
  const refuseIfNothingWasAnnounced = () => {
    if (failures[0] && announcements > 0 && announced === 0) throw failures[0];
  };
  for await (const { source, result } of mergeSequences(runs, ({ events }) => events)) {
    const { datacenter } = source;
    if (result.failed) {
      if (!(result.error instanceof ConsulError)) throw result.error;
      failures.push(result.error);
      const { message: reason } = result.error;
      endings.push({ kind: 'finished', at: Date.now(), end: 'unreachable', reason, datacenter });
    } else if (result.value.kind === 'finished') {
      endings.push({ ...result.value, datacenter });
    } else if (result.value.kind === 'announced') {
      announced++;
      yield { ...result.value, number: announced, of: announcements };
      continue;
    } else {
      yield relabel(result.value, datacenter);
      continue;
    }
    if (endings.length < runs.length) continue;
    refuseIfNothingWasAnnounced();
    yield worst(endings); // parts may still be cleaning up
  }
  // Detached parts do not finish, and then the whole does not.
  refuseIfNothingWasAnnounced();
}

function relabel(event: RunEvent, datacenter: string): RunEvent {
  if ('node' in event) return { ...event, node: nodeLabel(event.node, datacenter) };
  if (event.kind === 'warning') {
    return { ...event, text: t('In {0}: {1}', datacenter, event.text) };
  }
  return event;
}

function worst(endings: readonly (Finished & { datacenter: string })[]): Finished {
  const ranks = endings.map(({ end }) => FROM_BEST.indexOf(end));
  const reasons = endings.flatMap(({ reason, datacenter }) =>
    reason === undefined ? [] : [t('In {0}: {1}', datacenter, reason)],
  );
  return {
    kind: 'finished',
    at: Date.now(),
    end: FROM_BEST[Math.max(0, ...ranks)] ?? 'complete',
    ...(reasons.length > 0 ? { reason: reasons.join(' ') } : {}),
  };
}
