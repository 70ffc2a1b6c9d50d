/** The part of a DOM element that tests read; the project has no DOM types. */
export interface DrawnElement {
  readonly textContent: string;
  getAttribute(name: string): string | undefined;
  querySelector(selector: string): DrawnElement | undefined;
  querySelectorAll(selector: string): Iterable<DrawnElement>;
}
