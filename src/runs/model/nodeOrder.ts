/**
 * Orders names by the numbers in them, `web-2` before `web-10`. The order is total and the same
 * everywhere: it does not depend on the locale, and different names are never equal.
 */
export function compareNodes(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(j);
    if (isDigit(x) && isDigit(y)) {
      const [numberA, numberB] = [digitsAt(a, i), digitsAt(b, j)];
      const order = compareNumbers(numberA, numberB);
      if (order !== 0) return order;
      i += numberA.length;
      j += numberB.length;
    } else {
      if (x !== y) return x - y;
      i++;
      j++;
    }
  }
  // They differ only in leading zeros, or one begins with the other.
  return a.length - i - (b.length - j) || (a < b ? -1 : a > b ? 1 : 0);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function digitsAt(text: string, start: number): string {
  let end = start;
  while (end < text.length && isDigit(text.charCodeAt(end))) end++;
  return text.slice(start, end);
}

/** Decimal digits of any length. */
function compareNumbers(a: string, b: string): number {
  const [x, y] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return x.length - y.length || (x < y ? -1 : x > y ? 1 : 0);
}
