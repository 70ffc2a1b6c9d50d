import { t } from '@vscode/l10n';
import type { RunEnd } from '../exec/runEvent.ts';
import { displayName } from './displayText.ts';
import type { Counts, Ledger } from './ledger.ts';
import { type NodeResult, type Standing, standingOf } from './nodeResult.ts';

/** Milliseconds the way a person reads a time taken: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 4 min`. */
export function describeDuration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 9.95) return t('{0} s', seconds.toFixed(1));
  const whole = Math.round(seconds);
  if (whole < 60) return t('{0} s', whole);
  if (whole < 3600) return t('{0} min {1} s', Math.floor(whole / 60), whole % 60);
  return t('{0} h {1} min', Math.floor(whole / 3600), Math.floor((whole % 3600) / 60));
}

/** An exit code in words: the protocol has no number for signals, and 255 for what never ran. */
export function describeExit({ code, bytes }: Pick<NodeResult, 'code' | 'bytes'>): string {
  if (code === -1) return t('killed by a signal');
  if (code === 255 && bytes === 0) return t('could not start (255)');
  return t('exited {0}', code ?? '?');
}

/**
 * A node's state in words.
 * @param end why the run ended; undefined while it goes on
 * @param now milliseconds since the epoch
 */
export function describeState(result: NodeResult, end: RunEnd | undefined, now: number): string {
  const words = stateWords(result, result.end ?? end, now);
  return result.unexpected ? t('{0}; answered without being a target', words) : words;
}

/**
 * The same without times, which differ between any two nodes: `exited 2`, `lost contact`, `running`.
 * @param end why the run ended; undefined while it goes on
 */
export function describeTimelessState(result: NodeResult, end: RunEnd | undefined): string {
  switch (result.state) {
    case 'exited':
      return describeExit(result);
    case 'lost':
      return t('lost contact');
    case 'running':
      return t('running');
    case 'expected':
    case 'acknowledged':
    case 'silent':
      return describeState(result, end, 0);
  }
}

function stateWords(result: NodeResult, end: RunEnd | undefined, now: number): string {
  const { state, since, lastSign = since, exitedAt = since } = result;
  const lastHeard = describeDuration(now - lastSign);
  switch (state) {
    case 'expected':
      return t('not acknowledged yet');
    case 'acknowledged':
      return t('acknowledged');
    case 'running':
      return t('running, last heard {0} ago', lastHeard);
    case 'exited':
      return t('{0} after {1}', describeExit(result), describeDuration(exitedAt - since));
    case 'silent':
      return silenceWords(end);
    case 'lost':
      return end === 'stopped'
        ? t('may still be running; last heard {0} ago, before the stop', lastHeard)
        : t('lost contact {0} ago; it may still be running', lastHeard);
  }
}

/** What was not read cannot be said not to have happened. */
function silenceWords(end: RunEnd | undefined): string {
  switch (end) {
    case 'stopped':
      return t('had not acknowledged when stopped');
    case 'sessionLost':
    case 'unreachable':
      return t('not heard before contact with Consul was lost; it may have run');
    case 'complete':
    case 'quiet':
    case undefined:
      return t('never answered');
  }
}

/** `3 silent` */
export function describeStanding(standing: Standing, count: number): string {
  switch (standing) {
    case 'ok':
      return t('{0} ok', count);
    case 'failed':
      return t('{0} failed', count);
    case 'lost':
      return t('{0} lost', count);
    case 'silent':
      return t('{0} silent', count);
    case 'running':
      return t('{0} running', count);
    case 'waiting':
      return t('{0} waiting', count);
  }
}

const IN_TALKING_ORDER: readonly Standing[] = [
  'ok',
  'failed',
  'lost',
  'silent',
  'running',
  'waiting',
];

/** `11 ok · 1 failed`, leaving out what is none. */
function describeCounts(counts: Counts): string {
  return IN_TALKING_ORDER.filter((standing) => counts[standing] > 0)
    .map((standing) => describeStanding(standing, counts[standing]))
    .join(' · ');
}

/** A run in a line: `8 of 12 done · 1 failed · 3 running` while it goes on, its counts afterwards. */
export function describeProgress(ledger: Ledger): string {
  const { counts } = ledger;
  if (ledger.end !== undefined) return describeOutcome(ledger.end, counts);
  const done = counts.ok + counts.failed;
  const rest = describeCounts({ ...counts, ok: 0 });
  return [t('{0} of {1} done', done, ledger.size), rest].filter(Boolean).join(' · ');
}

/** A run that is over in a line: `stopped · 3 ok · 1 lost`. */
export function describeOutcome(end: RunEnd, counts: Counts): string {
  return [endWords(end, counts), describeCounts(counts)].filter(Boolean).join(' · ');
}

/** How a run ended, where the counts alone do not tell. */
function endWords(end: RunEnd, counts: Counts): string | undefined {
  switch (end) {
    case 'stopped':
      return t('stopped');
    case 'sessionLost':
      return t('session lost');
    case 'unreachable':
      return t('Consul out of reach');
    case 'quiet':
      return counts.ok + counts.failed + counts.lost === 0 ? t('nobody answered') : undefined;
    case 'complete':
      return undefined;
  }
}

/**
 * The account at the end of a run, ready to paste: the counts, then the names behind every count
 * but the good one, with exit codes.
 */
export function summarize(ledger: Ledger): string {
  const nodes = [...ledger.nodes];
  const lines = [describeProgress(ledger)];
  for (const standing of IN_TALKING_ORDER) {
    const those = nodes.filter((result) => standingOf(result) === standing);
    if (those.length === 0) continue;
    const names = those.map((result) => {
      const name = displayName(result.node);
      return standing === 'failed' ? `${name} (${describeExit(result)})` : name;
    });
    lines.push(`${describeStanding(standing, those.length)}: ${names.join(', ')}`);
  }
  if (ledger.unexpected > 0) {
    const names = nodes.filter(({ unexpected }) => unexpected).map(({ node }) => displayName(node));
    lines.push(t('answered without being a target: {0}', names.join(', ')));
  }
  return lines.join('\n');
}

/**
 * Whether a run ended without a sign of anybody, so that it ran nowhere. Of one that was stopped, or
 * lost from sight, that cannot be said.
 */
export function nobodyAnswered({ end, counts, size }: Ledger): boolean {
  return (end === 'complete' || end === 'quiet') && size > 0 && counts.silent === size;
}

/** What to tell of such a run: the likely causes. */
export function whyNobody(): string {
  return t(
    'Nobody answered, so it ran nowhere. Agents have remote exec off unless disable_remote_exec = false; or their tokens lack key:write for the job.',
  );
}
