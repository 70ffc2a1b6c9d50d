/** Whatever draws nothing or turns the direction of writing, such as a zero-width space. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A name from outside (node, service, tag) as it is shown: none may pass for another. */
export function displayName(name: string): string {
  return name.replace(UNSEEN, '\ufffd');
}
