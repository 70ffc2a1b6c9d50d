import { errors, type Page } from 'playwright-core';

const TRIES = 4;
const EACH_MS = 4000;

/**
 * Does again what the window did not take up: a user who sees nothing happen presses Escape and tries
 * once more. On a busy machine a click can land while the rows under it are drawn anew.
 * @param act throws playwright's TimeoutError when nothing came of it within `timeout` milliseconds
 */
export async function patiently<T>(act: (timeout: number) => Promise<T>, page: Page): Promise<T> {
  for (let left = TRIES; ; left--) {
    try {
      return await act(EACH_MS);
    } catch (error) {
      if (!(error instanceof errors.TimeoutError) || left === 1) throw error;
      await page.keyboard.press('Escape');
    }
  }
}
