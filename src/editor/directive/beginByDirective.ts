import * as vscode from 'vscode';
import type { Guard } from '../../exec/guard/guardJob.ts';
import { type Directive, valueOf } from '../../exec/directive/directive.ts';
import { parseSize } from '../../exec/directive/directiveValues.ts';
import { guardWithLimit } from '../base/settings.ts';
import { UserError } from '../base/userError.ts';

/** @throws UserError that names the first mistake and its line, if the directive has any */
export function requireSound({ problems }: Directive): void {
  const [first] = problems;
  if (!first) return;
  throw new UserError(
    vscode.l10n.t(
      'The directive in line {0} can\'t be used. {1} Correct it, or use "Choose Targets…" above it.',
      first.place.line + 1,
      first.message,
    ),
  );
}

/**
 * How a run is guarded: a file can only lower the time limit.
 * @param guard of the settings
 */
export function narrowGuard(
  guard: Guard | undefined,
  directive: Directive | undefined,
): Guard | undefined {
  const limit = directive && valueOf(directive, 'limit');
  if (limit === undefined) return guard;
  const { timeLimitSeconds: asked = Infinity } = guardWithLimit(limit);
  const seconds = Math.min(asked, guard?.timeLimitSeconds ?? Infinity);
  return seconds === Infinity ? (guard ?? {}) : { timeLimitSeconds: seconds };
}

/** How many bytes a node may write by its directive; undefined if it doesn't say. */
export function outputCapOf(directive: Directive): number | undefined {
  const cap = valueOf(directive, 'cap');
  const bytes = cap === undefined ? 0 : parseSize(cap);
  return bytes === 0 ? undefined : bytes;
}
