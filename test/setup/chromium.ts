import { existsSync } from 'node:fs';
import { findOnPath } from './command.ts';
import { ensureDebianPackage } from './debianPackage.ts';
import { PlainError } from './plainError.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * Finds a browser with the Chromium protocol: `$CHROMIUM_BIN`, else one on PATH, else Debian's.
 * @returns its full path
 * @throws PlainError with the remedy if there isn't one
 */
export async function ensureChromium(): Promise<string> {
  const given = process.env['CHROMIUM_BIN'];
  if (given) {
    if (!existsSync(given))
      throw new PlainError(`CHROMIUM_BIN is set to ${given}, which doesn't exist.`);
    return given;
  }
  for (const name of names) {
    const found = findOnPath(name);
    if (found) return found;
  }
  // Chromium has no font of its own; without one, screenshots show boxes.
  return ensureDebianPackage(['chromium', 'fonts-dejavu-core'], 'chromium');
}
