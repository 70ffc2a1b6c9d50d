/** The part of a DOM element that is read; the project's types know no browser. */
export interface DrawnElement {
  readonly textContent: string;
  getAttribute(name: string): string | undefined;
  querySelector(selector: string): DrawnElement | undefined;
  querySelectorAll(selector: string): Iterable<DrawnElement>;
}
