import { t } from '@vscode/l10n';
import { describeTime } from './describeTime.ts';
import { displayLine, displayName } from './displayText.ts';
import type { NodeResult } from './nodeResult.ts';
import type { Run } from './run.ts';
import {
  describeDuration,
  describeExit,
  describeState,
  nobodyAnswered,
  summarize,
  whyNobody,
} from './wording.ts';

/** The lines of a run's output channel: each tells the node it is about first. */

export function headerLine({ info }: Run): string {
  const time = describeTime(info.createdAt, true);
  const { length } = info.targets;
  const nodes = length === 1 ? t('1 node') : t('{0} nodes', length);
  return `── ${displayName(info.title)} · ${nodes} · ${info.datacenter} · ${time} ──`;
}

/** @param width characters to pad the node's name to, so that output lines up */
export function outputLine(node: string, line: string, width: number): string {
  return `${displayName(node).padEnd(width)} │ ${displayLine(line)}`;
}

export function exitLine(result: NodeResult, width: number): string {
  const { node, since, exitedAt = since } = result;
  const words = t('{0} after {1}', describeExit(result), describeDuration(exitedAt - since));
  return `${displayName(node).padEnd(width)} ╰ ${words}`;
}

export function stateLine(result: NodeResult, run: Run, width: number, now: number): string {
  return `${displayName(result.node).padEnd(width)} ╰ ${describeState(result, run.ledger.end, now)}`;
}

export function footerLines({ ledger, info }: Run): string[] {
  const took = describeDuration((ledger.finishedAt ?? info.createdAt) - info.createdAt);
  const [counts = '', ...names] = summarize(ledger).split('\n');
  const why = nobodyAnswered(ledger) ? [`   ${whyNobody()}`] : [];
  return [`── ${counts} · ${took} ──`, ...names.map((line) => `   ${line}`), ...why];
}

/** How wide names are shown: as the longest, but no wider than this. */
const WIDEST = 28;

export function nameWidth(nodes: readonly string[]): number {
  return nodes.reduce((width, node) => Math.max(width, Math.min(WIDEST, node.length)), 0);
}
