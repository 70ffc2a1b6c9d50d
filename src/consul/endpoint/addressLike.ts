/** A scheme, an IP address, or a host with a port: what a name of a connection never is by intent. */
const ADDRESS_LIKE = [
  /^[a-z][a-z0-9+.-]*:\/\//i,
  /^\d{1,3}(?:\.\d{1,3}){3}(?::\d*)?$/,
  /^\[?[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*\]?(?::\d*)?$/i,
  /^[^\s:]+:\d{2,5}(?:\/.*)?$/,
];

/** Whether a text is an address rather than a name. A host name alone can be either, so it isn't. */
export function isAddressLike(text: string): boolean {
  return ADDRESS_LIKE.some((pattern) => pattern.test(text.trim()));
}
