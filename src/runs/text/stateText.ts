import { t } from '@vscode/l10n';
import type { RecoveryResult, RunEnd } from '../../exec/events/runEvent.ts';
import { displayName } from '../../base/displayName.ts';
import type { Counts, Ledger } from '../model/ledger.ts';
import { type NodeResult, type NodeStatus, statusOf } from '../model/nodeStatus.ts';

/** A duration in milliseconds for people: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 4 min`. */
export function describeDuration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 9.95) return t('{0} s', seconds.toFixed(1));
  const whole = Math.round(seconds);
  if (whole < 60) return t('{0} s', whole);
  if (whole < 3600) return t('{0} min {1} s', Math.floor(whole / 60), whole % 60);
  return t('{0} h {1} min', Math.floor(whole / 3600), Math.floor((whole % 3600) / 60));
}

/** How a process that a signal ended exits: for the agent, and for a shell (SIGTERM, SIGKILL). */
const SIGNAL_CODES: ReadonlySet<number> = new Set([-1, 128 + 15, 128 + 9]);

/**
 * An exit code in words. The protocol has -1 for every signal. 255 can be the job's own code, or mean
 * that its agent failed to start it or to upload its output (PROTOCOL.md §2.4): they can't be
 * distinguished.
 */
export function describeExit({
  code,
  limitSeconds,
  ending,
}: Pick<NodeResult, 'code' | 'limitSeconds' | 'ending'>): string {
  if (limitSeconds !== undefined) {
    return t('ended by its time limit of {0}', describeDuration(limitSeconds * 1000));
  }
  if (ending?.outcome === 'ended') {
    const { signal = 'SIGTERM' } = ending;
    return code === undefined || SIGNAL_CODES.has(code)
      ? t('ended by you ({0})', signal)
      : t('ended by you ({0}), exited {1}', signal, code);
  }
  if (code === -1) return t('killed by a signal');
  return t('exited {0}', code ?? '?');
}

/** `exited 2 after 0.4 s`; when a job ended whose results were recovered is not known. */
export function describeEnd(result: NodeResult): string {
  const { since, exitedAt = since, recovery } = result;
  return recovery === 'all' || recovery === 'cut'
    ? t('{0}, results recovered', describeExit(result))
    : t('{0} after {1}', describeExit(result), describeDuration(exitedAt - since));
}

/** A number of bytes for people: `64 KB`, `1.5 MB`, `10 MB`. */
export function describeBytes(bytes: number): string {
  if (bytes < 1024) return bytes === 1 ? t('1 byte') : t('{0} bytes', bytes);
  const isSmall = bytes < MEGABYTE;
  const size = Number((bytes / (isSmall ? 1024 : MEGABYTE)).toFixed(1));
  return isSmall ? t('{0} KB', size) : t('{0} MB', size);
}

const MEGABYTE = 1024 * 1024;

/**
 * A node's state in words.
 * @param end why the run ended; undefined while it is running
 * @param now milliseconds since the epoch
 */
export function describeState(result: NodeResult, end: RunEnd | undefined, now: number): string {
  const known = stateWords(result, result.end ?? end, now);
  const words = result.missingChunks ? t('{0}, output incomplete', known) : known;
  return result.unexpected ? t('{0}; responded without being a target', words) : words;
}

/**
 * The same without times, which differ between any two nodes: `exited 2`, `lost contact`, `running`.
 * @param end why the run ended; undefined while it is running
 */
export function describeTimelessState(result: NodeResult, end: RunEnd | undefined): string {
  switch (result.state) {
    case 'exited':
      return describeExit(result);
    case 'lost':
      return withEnding(result, t('lost contact'));
    case 'cut':
      return withEnding(result, t('output cut; its exit code is not known'));
    case 'running':
      return withEnding(result, t('running'));
    case 'expected':
    case 'acknowledged':
    case 'noResponse':
    case 'unknown':
      return describeState(result, end, 0);
  }
}

function stateWords(result: NodeResult, end: RunEnd | undefined, now: number): string {
  const { state, since, lastSign = since } = result;
  const silence = describeDuration(now - lastSign);
  switch (state) {
    case 'expected':
      return result.awaited
        ? t('waiting for its agent to return')
        : t('waiting for acknowledgment');
    case 'acknowledged':
      return withEnding(result, t('acknowledged'));
    case 'running':
      return withEnding(result, t('running, last heard {0} ago', silence));
    case 'exited':
      return describeEnd(result);
    case 'noResponse':
      return end === 'stopped' ? t('stopped before it began') : t('no response');
    case 'unknown':
      return t('not known whether it ran');
    case 'lost':
      if (result.recovery !== undefined) return lostWords(result.recovery, silence);
      return withEnding(
        result,
        end === 'stopped'
          ? t('may still be running; last heard {0} ago, before the stop', silence)
          : t('lost contact {0} ago; may still be running', silence),
      );
    case 'cut':
      return withEnding(
        result,
        t('output cut at {0}; its exit code is not known', describeBytes(result.bytes)),
      );
  }
}

/** The state of a node that did not exit, and what came of ending its job. */
function withEnding(result: NodeResult, state: string): string {
  switch (result.ending?.outcome) {
    case undefined:
      return state;
    case 'ended':
      return describeExit(result);
    case 'over':
      return result.state === 'lost' || result.state === 'cut'
        ? t('over, exit code not known')
        : state;
    case 'missing':
      return t('{0}; not ended: not found', state);
    case 'refused':
      return t('{0}; not ended: no permission', state);
    case 'ambiguous':
      return t('{0}; not ended: several jobs can be this one', state);
    case 'blind':
      return t("{0}; not ended: the node can't list its processes", state);
    case 'stuck':
      return t("{0}; not ended: SIGKILL didn't end it", state);
    case 'noResponse':
      return t('{0}; not ended: no response', state);
    case 'noReport':
    case 'notKnown':
      return t('{0}; not known whether it was ended', state);
  }
}

/** A node that is still lost after its results were looked for. */
function lostWords(recovery: RecoveryResult, silence: string): string {
  switch (recovery) {
    case 'running':
      return t('lost contact again {0} ago; was still running', silence);
    case 'gone':
      return t('lost contact; the job is gone and left no exit code');
    case 'nothing':
      return t('lost contact; the node has no results of this run');
    case 'all':
    case 'cut':
    case 'noResponse':
      return t("lost contact; its results couldn't be recovered");
  }
}

/** Marks the largest group of nodes with the same output. */
export function mostCommonLabel(): string {
  return t({
    message: 'most common',
    args: [],
    comment: ['Marks the largest group of nodes with the same output'],
  });
}

/**
 * `3 no response`
 * @param end of a run that is over: stopping is why some nodes did not begin or were not followed
 */
export function describeStatusCount(status: NodeStatus, count: number, end?: RunEnd): string {
  if (end === 'stopped' && status === 'lost') return t('{0} may still be running', count);
  if (end === 'stopped' && status === 'noResponse') return t("{0} didn't begin", count);
  switch (status) {
    case 'ok':
      return t('{0} ok', count);
    case 'failed':
      return t('{0} failed', count);
    case 'lost':
      return t('{0} lost', count);
    case 'noResponse':
      return t('{0} no response', count);
    case 'unknown':
      return t('{0} not known', count);
    case 'running':
      return t('{0} running', count);
    case 'waiting':
      return t('{0} waiting', count);
  }
}

/** What needs attention: a narrow side bar shows only the beginning of a row. */
export const PROBLEMS: readonly NodeStatus[] = ['failed', 'lost', 'unknown', 'noResponse'];
export const SUMMARY_ORDER: readonly NodeStatus[] = [...PROBLEMS, 'running', 'waiting', 'ok'];

/** `1 failed · 11 ok`, without zeros. */
function describeCounts(counts: Counts, statuses = SUMMARY_ORDER, end?: RunEnd): string {
  return statuses
    .filter((status) => counts[status] > 0)
    .map((status) => describeStatusCount(status, counts[status], end))
    .join(' · ');
}

/** A run in a line: `1 failed · 8 of 12 done · 3 running` while it is running, its counts afterwards. */
export function describeProgress(ledger: Ledger): string {
  const { counts } = ledger;
  if (ledger.end !== undefined) return describeOutcome(ledger.end, counts);
  const done = t('{0} of {1} done', counts.ok + counts.failed, ledger.size);
  const active = describeCounts(counts, ['running', 'waiting']);
  return [describeCounts(counts, PROBLEMS), done, active].filter(Boolean).join(' · ');
}

/** A run that is over in a line: `stopped · 1 may still be running · 3 ok`. */
export function describeOutcome(end: RunEnd, counts: Counts): string {
  return [endWords(end, counts), describeCounts(counts, SUMMARY_ORDER, end)]
    .filter(Boolean)
    .join(' · ');
}

/** How a run ended, where the counts alone do not say it. */
function endWords(end: RunEnd, counts: Counts): string | undefined {
  switch (end) {
    case 'stopped':
      return t('stopped');
    case 'sessionLost':
      return t('session lost');
    case 'unreachable':
      return t('lost contact with Consul');
    case 'quiet':
      return counts.ok + counts.failed + counts.lost === 0
        ? t('no response from any node')
        : undefined;
    case 'complete':
      return undefined;
  }
}

/**
 * The account at the end of a run, ready to paste: the counts, then the names of the nodes with each
 * status, with exit codes.
 */
export function summarize(ledger: Ledger): string {
  const nodes = [...ledger.nodes];
  const lines = [describeProgress(ledger)];
  for (const status of SUMMARY_ORDER) {
    const members = nodes.filter((result) => statusOf(result) === status);
    if (members.length === 0) continue;
    const names = members.map((result) => {
      const name = displayName(result.node);
      if (status === 'failed') return `${name} (${describeExit(result)})`;
      return result.state === 'cut'
        ? `${name} (${describeTimelessState(result, ledger.end)})`
        : name;
    });
    lines.push(`${describeStatusCount(status, members.length, ledger.end)}: ${names.join(', ')}`);
  }
  if (ledger.unexpected > 0) {
    const names = nodes.filter(({ unexpected }) => unexpected).map(({ node }) => displayName(node));
    lines.push(t('responded without being a target: {0}', names.join(', ')));
  }
  return lines.join('\n');
}

/**
 * Whether a run ended without a response from any node, so that the job did not run. A run that was
 * stopped, or that lost contact with Consul, does not show that.
 */
export function hasNoResponse({ end, counts, size }: Ledger): boolean {
  return (end === 'complete' || end === 'quiet') && size > 0 && counts.noResponse === size;
}

/** The likely causes of such a run. */
export function noResponseMessage(): string {
  return t(
    "No node responded, so the job didn't run. Agents ignore remote exec unless disable_remote_exec = false; if that is set, their tokens may lack key:write.",
  );
}
