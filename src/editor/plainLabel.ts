import { displayName } from '../runs/displayText.ts';

/** A name from outside for a label in which the editor would draw `$(icon)`. */
export function plainLabel(name: string): string {
  return displayName(name).replaceAll('$(', '\\$(');
}
