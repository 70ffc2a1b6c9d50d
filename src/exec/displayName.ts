/** Whatever draws nothing or turns the direction of writing, such as a zero-width space. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Nearly every name is of these alone, and tested a good deal faster. */
const PRINTABLE = /^[\x20-\x7e]*$/;

/** A name from outside (node, service, tag) as it is shown: none may pass for another. */
export function displayName(name: string): string {
  return PRINTABLE.test(name) ? name : name.replace(UNSEEN, '\ufffd');
}
