import { t } from '@vscode/l10n';
import type { RunEvent } from '../../exec/events/runEvent.ts';
import { joinNames } from '../../base/joinNames.ts';
import { clockLabel, exactTimeLabel } from '../text/time.ts';
import { displayName } from '../../base/displayName.ts';
import { displayLine } from '../text/displayText.ts';
import type { NodeResult } from '../model/nodeStatus.ts';
import type { Run } from '../run.ts';
import {
  describeDuration,
  describeEnd,
  describeState,
  hasNoResponse,
  summarize,
  noResponseMessage,
} from '../text/stateText.ts';

/** The lines of a run's output channel: each begins with its node. */

export function headerLine({ info }: Run): string {
  const time = exactTimeLabel(info.createdAt);
  const { length } = info.targets;
  const nodes = length === 1 ? t('1 node') : t('{0} nodes', length);
  return `── ${displayName(info.title)} · ${nodes} · ${info.datacenters.join(', ')} · ${time} ──`;
}

/** @param width characters to pad the node's name to, so that output lines up */
export function outputLine(node: string, line: string, width: number): string {
  return `${displayName(node).padEnd(width)} │ ${displayLine(line)}`;
}

export function exitLine(result: NodeResult, width: number): string {
  return `${displayName(result.node).padEnd(width)} ╰ ${describeEnd(result)}`;
}

export function stateLine(result: NodeResult, run: Run, width: number, now: number): string {
  return `${displayName(result.node).padEnd(width)} ╰ ${describeState(result, run.ledger.end, now)}`;
}

/** What a channel says of an event that is no node's output or end; undefined for most of them. */
export function noteLine(event: RunEvent): string | undefined {
  switch (event.kind) {
    case 'warning':
      return `⚠ ${event.text}`;
    case 'reopened':
      return reopenedLine(event);
    case 'recovering':
      return recoveringLine(event);
    default:
      return undefined;
  }
}

/** The run continues below its first footer. */
function reopenedLine({ nodes, until }: Extract<RunEvent, { kind: 'reopened' }>): string {
  const names = joinNames(nodes, MAX_NAMES);
  return `── ${t('Waiting until {0} for: {1}', clockLabel(until), names)} ──`;
}

/** The run continues below its first footer. */
function recoveringLine({ nodes }: Extract<RunEvent, { kind: 'recovering' }>): string {
  return `── ${t('Recovering results from: {0}', joinNames(nodes, MAX_NAMES))} ──`;
}

export function footerLines({ ledger, info }: Run): string[] {
  const took = describeDuration((ledger.finishedAt ?? info.createdAt) - info.createdAt);
  const [counts = '', ...names] = summarize(ledger).split('\n');
  const why = hasNoResponse(ledger) ? [`   ${noResponseMessage()}`] : [];
  return [`── ${counts} · ${took} ──`, ...names.map((line) => `   ${line}`), ...why];
}

/** Names that a line lists. */
const MAX_NAMES = 10;

/** Names are padded to the longest one, up to this width. */
const MAX_NAME_WIDTH = 28;

export function nameWidth(nodes: readonly string[]): number {
  return nodes.reduce((width, node) => Math.max(width, Math.min(MAX_NAME_WIDTH, node.length)), 0);
}
