let collator: Intl.Collator | undefined;

/** Compares names as people sort them: web2 before web10. */
export function compareNames(a: string, b: string): number {
  // Loading the rules takes milliseconds, which activation doesn't have.
  collator ??= new Intl.Collator('en', { numeric: true });
  return collator.compare(a, b);
}
