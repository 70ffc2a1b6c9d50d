/**
 * Characters that a reader doesn't see, or that change what others look like: controls except tab and
 * line feed, format characters such as zero-width spaces, direction marks and tags, separators, and
 * surrogates without their other half.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Nearly every text has only these characters, and this test is much faster than the replacement. */
const PRINTABLE = /^[\t\n\x20-\x7e]*$/;

/** The text with a name in the place of each invisible character: `<U+202E>`. */
export function visibleText(text: string): string {
  if (PRINTABLE.test(text)) return text;
  return text.replace(INVISIBLE, (character) =>
    character === '\n' || character === '\t' ? character : codePointName(character),
  );
}

function codePointName(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}
