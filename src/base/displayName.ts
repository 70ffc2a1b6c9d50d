/** Invisible characters, for example a zero-width space, and those that change the text direction. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Nearly every name has only these characters, and this test is much faster than the replacement. */
const PRINTABLE = /^[\x20-\x7e]*$/;

/** The form in which an external name (node, service, tag) is shown: it can't imitate another name. */
export function displayName(name: string): string {
  return PRINTABLE.test(name) ? name : name.replace(INVISIBLE, '\ufffd');
}
