import { type Browser, chromium, type Page } from 'playwright-core';
import { ensureChromium } from '../../setup/chromium.ts';
import { onShutdown } from '../../setup/shutdown.ts';
import { Workbench } from './workbench.ts';

export interface BrowserOptions {
  /** Pixels; 1280 × 800 by default. */
  readonly viewport?: { readonly width: number; readonly height: number };
  /** The timeout of each wait on the page, in milliseconds; 15 000 by default. */
  readonly timeoutMs?: number;
}

export interface EditorBrowser {
  readonly browser: Browser;
  /** A new page in its own browser profile. */
  newPage(): Promise<Page>;
  /** Opens a window and waits for its workbench. */
  open(url: string): Promise<Workbench>;
  close(): Promise<void>;
}

/**
 * Starts a headless browser.
 * @throws PlainError when no browser is installed and none can be installed
 */
export async function openBrowser(options: BrowserOptions = {}): Promise<EditorBrowser> {
  const { viewport = { width: 1280, height: 800 }, timeoutMs = 15_000 } = options;
  const browser = await chromium.launch({
    executablePath: await ensureChromium(),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    // Our own signal handlers stop everything in order.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  // Playwright kills its browser when this process exits. This closes it while the connection is still open.
  const unregister = onShutdown(() => void browser.close().catch(() => undefined));
  const newPage = async () => {
    const context = await browser.newContext({
      viewport,
      permissions: ['clipboard-read', 'clipboard-write'],
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(timeoutMs);
    return context.newPage();
  };
  return {
    browser,
    newPage,
    async open(url) {
      const workbench = new Workbench(await newPage());
      await workbench.goto(url);
      return workbench;
    },
    async close() {
      unregister();
      await browser.close();
    },
  };
}
