import { existsSync } from 'node:fs';
import { findOnPath } from './command.ts';
import { ensureDebianPackage } from './debianPackage.ts';
import { PlainError } from './plainError.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * A browser that speaks the Chromium protocol: `$CHROMIUM_BIN`, else one on PATH, else Debian's.
 * @returns its full path
 * @throws PlainError that says what to do when there is none
 */
export async function ensureChromium(): Promise<string> {
  const given = process.env['CHROMIUM_BIN'];
  if (given) {
    if (!existsSync(given)) throw new PlainError(`CHROMIUM_BIN names no file: ${given}`);
    return given;
  }
  for (const name of names) {
    const found = findOnPath(name);
    if (found) return found;
  }
  // Chromium brings no font of its own; without one, screenshots show boxes.
  return ensureDebianPackage(['chromium', 'fonts-dejavu-core'], 'chromium');
}
