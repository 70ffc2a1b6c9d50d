import { errors, type Page } from 'playwright-core';

const MAX_ATTEMPTS = 6;
const ATTEMPT_TIMEOUT_MS = 4000;

/**
 * Repeats an action that had no effect, as a user does: presses Escape and tries again. On a busy
 * machine a click can be lost while the window redraws the rows under it.
 * @param page undefined where Escape would close what the action is for
 * @param act throws playwright's TimeoutError if it had no effect within `timeout` milliseconds
 */
export async function patiently<T>(
  act: (timeout: number) => Promise<T>,
  page: Page | undefined,
): Promise<T> {
  for (let left = MAX_ATTEMPTS; ; left--) {
    try {
      return await act(ATTEMPT_TIMEOUT_MS);
    } catch (error) {
      if (!(error instanceof errors.TimeoutError) || left === 1) throw error;
      await page?.keyboard.press('Escape');
    }
  }
}
