import type { Directive, DirectiveKey } from './directive.ts';
import { inheritDirectives } from './directive.ts';
import { quoted, readDirective } from './readDirective.ts';

/** The directive that has these values, checked as if a script had it. Its places mean nothing. */
export function directiveOfValues(
  values: Iterable<readonly [key: DirectiveKey, value: string]>,
): Directive {
  const words = Array.from(values, ([key, value]) => `${key}=${quoted(value)}`);
  const text = `consul-exec: ${words.join(' ')}`;
  return inheritDirectives([readDirective([{ line: 0, column: 0, text }])]);
}
