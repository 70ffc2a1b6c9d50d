import type { Page } from 'playwright-core';

export interface HostTestResult {
  /** 0 when the module's `run()` resolved, 1 when it rejected. */
  readonly code: number;
  /** What the extension host printed. */
  readonly output: string;
}

/**
 * Opens a window whose server was launched with `extensionTestsPath` and waits until `run()` has ended.
 * @param timeoutMs milliseconds
 * @throws Error with the output so far when it does not end in time
 */
export async function runHostTests(
  page: Page,
  url: string,
  timeoutMs = 60_000,
): Promise<HostTestResult> {
  const lines: string[] = [];
  page.on('console', (message) => lines.push(message.text()));
  await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
    lines.push(`${type}: ${args.map(String).join(' ')}`);
  });
  const ended = new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`the tests did not end within ${timeoutMs} ms:\n${lines.join('\n')}`));
    }, timeoutMs);
    void page.exposeFunction('codeAutomationExit', (code: number) => {
      clearTimeout(timer);
      resolve(code);
    });
  });
  await page.goto(url, { waitUntil: 'domcontentloaded', timeout: timeoutMs });
  const code = await ended;
  return { code, output: lines.join('\n') };
}
