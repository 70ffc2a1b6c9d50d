import { t } from '@vscode/l10n';
import { parseWait } from '../../consul/duration.ts';

/** When a run in steps continues on its own, and when nothing further starts. */
export interface RampRule {
  /** With more nodes than this that count, nothing further starts. */
  readonly budget: number;
  /** Which nodes count; each node counts once. */
  readonly counts: {
    readonly failed: boolean;
    /** No response, lost, or not known. */
    readonly noResult: boolean;
    /** An output or exit code that no node of the first step had. */
    readonly different: boolean;
  };
  /** Between the end of a step and the start of the next. */
  readonly pauseMs: number;
  /** Whether the user confirms every step. */
  readonly asks: boolean;
}

/** A text that isn't a budget or a pause; the message is a sentence for the user. */
export class RampRuleError extends Error {
  override readonly name = 'RampRuleError';
}

const MAX_PAUSE_MS = 24 * 60 * 60_000;

/**
 * @param text a count, or a percentage of all nodes, which is rounded down: 10% of 3 nodes is 0
 * @param count number of nodes of all steps
 * @throws RampRuleError
 */
export function parseBudget(text: string, count: number): number {
  const [, digits, percent] = /^\s*(\d{1,9})\s*(%?)\s*$/.exec(text) ?? [];
  if (digits === undefined) {
    throw new RampRuleError(
      t('"{0}" is not a valid budget. Enter a count or a percentage. Examples: 0, 2, 5%.', text),
    );
  }
  const value = Number(digits);
  if (value > (percent === '%' ? 100 : count)) {
    throw new RampRuleError(t('"{0}" is more than all nodes.', text.trim()));
  }
  return percent === '%' ? Math.floor((count * value) / 100) : value;
}

/**
 * @returns milliseconds
 * @throws DurationError, RampRuleError
 */
export function parsePause(text: string): number {
  const pause = parseWait(text.trim());
  if (pause <= MAX_PAUSE_MS) return pause;
  throw new RampRuleError(t('The pause "{0}" is too long. Use at most 24h.', text.trim()));
}
