import { t } from '@vscode/l10n';
import { DurationError, parseWait } from '../../consul/duration.ts';
import { parseSteps, StepsError } from '../run/parseSteps.ts';
import { NodeSetError, parseNodeSet } from '../targeting/names/nodeSet.ts';
import { compileRe2, FilterSyntaxError } from '../targeting/re2.ts';
import type { FieldSelection } from '../targeting/targetSelection.ts';
import type { DirectiveKey } from './directive.ts';

/** A size that isn't one; the message is a sentence for the user. */
class SizeError extends Error {
  override readonly name = 'SizeError';
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/**
 * @param text such as `512KB`, `1MB` or `1.5MiB`; 0 for no limit
 * @returns bytes
 * @throws SizeError
 */
export function parseSize(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmg]?)(?:i?b)?$/i.exec(text.trim()) ?? [];
  const bytes = Math.round(Number(number) * (UNITS[unit.toLowerCase()] ?? Number.NaN));
  if (Number.isSafeInteger(bytes)) return bytes;
  throw new SizeError(t('"{0}" is not a valid size. Examples: 512KB, 1MB.', text));
}

/**
 * A field of the selection as a directive has it: an expression between slashes, or names separated by
 * commas.
 */
export function fieldOf(value: string): FieldSelection {
  const expression = expressionIn(value);
  if (expression !== undefined) return { kind: 'matching', expression };
  const names = value.split(',').map((name) => name.trim());
  return { kind: 'exactly', names: [...new Set(names.filter((name) => name !== ''))] };
}

/** `eu-.*` in `/eu-.*` + `/`; undefined for anything else. */
export function expressionIn(value: string): string | undefined {
  return /^\/(.+)\/$/.exec(value.trim())?.[1];
}

type Check = (value: string) => void;

/** Throw if a value is no value of the key. */
const CHECKS: Readonly<Record<DirectiveKey, Check>> = {
  service: checkField,
  tag: checkField,
  nodes: (value) => {
    const expression = expressionIn(value);
    if (expression === undefined) parseNodeSet(value);
    else compileRe2(expression);
  },
  where: () => undefined,
  set: () => undefined,
  datacenter: () => undefined,
  connection: () => undefined,
  limit: parseWait,
  cap: parseSize,
  steps: (value) => parseSteps(value, 100),
};

function checkField(value: string): void {
  const field = fieldOf(value);
  if (field.kind === 'matching') compileRe2(field.expression);
}

/** The directives of a file mostly have the same few values, and all are read at each edit. */
const checked = new Map<string, string | undefined>();
const MAX_CHECKED = 1000;

/** What is wrong with a value, as a sentence; undefined if nothing is. */
export function valueProblem(key: DirectiveKey, value: string): string | undefined {
  const id = `${key}=${value}`;
  if (checked.has(id)) return checked.get(id);
  const problem = findProblem(key, value);
  if (checked.size === MAX_CHECKED) checked.clear();
  checked.set(id, problem);
  return problem;
}

function findProblem(key: DirectiveKey, value: string): string | undefined {
  try {
    CHECKS[key](value);
    return undefined;
  } catch (error) {
    const isKnown =
      error instanceof DurationError ||
      error instanceof SizeError ||
      error instanceof StepsError ||
      error instanceof NodeSetError ||
      error instanceof FilterSyntaxError;
    if (!isKnown) throw error;
    return error.message;
  }
}
