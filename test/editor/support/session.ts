import assert from 'node:assert/strict';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { startDemoFleet } from '../../fleet/demoFleet.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { repository } from '../../setup/repository.ts';
import type { VscodeRelease } from '../../setup/vscodeReleases.ts';
import { type TemporaryFolder, temporaryFolder } from '../../setup/temporaryFolder.ts';
import { type EditorBrowser, openBrowser } from '../harness/browser.ts';
import { type Keybinding, launchVscode, type Vscode } from '../harness/launchVscode.ts';
import type { Workbench } from '../harness/workbench.ts';
import { eventually } from './eventually.ts';
import { reportFailure } from './failure.ts';
import { assertNothingLeft } from './leftovers.ts';
import { RunList } from './runList.ts';
import { splitSettings, type Settings, writeMachineSettings } from './settings.ts';
import { TargetPicks } from './targetPicks.ts';
import { currentVsix } from './vsix.ts';

export interface SessionOptions {
  /** The prefix of screenshot names. */
  readonly name: string;
  /** The version of VS Code; the newest by default. */
  readonly release?: VscodeRelease;
  /** The number of clients in the demo fleet; by default 4: web-01, web-02, db-01, web-03. */
  readonly clients?: number;
  readonly settings?: Settings;
  /** Files to add to the demo's scripts in the workspace: text by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Whether the window is trusted; true by default. */
  readonly trust?: boolean;
  readonly keybindings?: readonly Keybinding[];
  /** Starts other agents than the demo fleet. */
  readonly startFleet?: () => Promise<Fleet>;
  /** Makes settings and environment that depend on the running agents. */
  readonly prepare?: (fleet: Fleet) => Promise<Prepared>;
  /** Packages further extensions to install. */
  readonly otherExtensions?: () => Promise<readonly string[]>;
  /** For the test's own requests to a fleet with ACLs. */
  readonly token?: string;
}

/** Added to the settings and to the environment of the window. */
export interface Prepared {
  readonly settings?: Settings;
  readonly env?: Readonly<Record<string, string>>;
}

/** The real parts of one test file: agents, VS Code with the vsix, and a window on it. */
export interface Session {
  readonly fleet: Fleet;
  readonly vscode: Vscode;
  /** The folder the window has open; absolute. */
  readonly workspaceFolder: string;
  readonly workbench: Workbench;
  readonly picks: TargetPicks;
  readonly runs: RunList;
  /** Replaces the settings with machine scope and reloads the window. */
  changeSettings(settings: Settings): Promise<void>;
  /** Reloads the window and waits until commands are available. */
  reload(): Promise<void>;
  /** Writes `test-results/<session>-<name>.png`. */
  screenshot(name: string): Promise<void>;
}

/** Declares a test in the session. It fails if it leaves anything in Consul. */
export type Scenario = (name: string, body: (session: Session) => Promise<void>) => void;

/**
 * Starts one fleet, one VS Code and one browser before the tests of a file, and stops them after.
 * A failed test leaves a screenshot and the logs, and the next test gets a new window.
 */
export function editorSession(options: SessionOptions): Scenario {
  let parts: Parts | undefined;
  before(async () => {
    parts = await startParts(options);
  });
  after(async () => {
    await parts?.stop();
  });
  return (name, body) =>
    void test(name, async () => {
      assert.ok(parts, 'the session did not start');
      const session = await parts.session();
      try {
        await body(session);
        await assertNothingLeft(session.fleet.address, options.token);
      } catch (error) {
        await reportFailure(session, `${options.name} ${name}`);
        await parts.abandonWindow();
        throw error;
      }
    });
}

/** The started parts of a session; stops them in reverse order. */
class Parts {
  readonly #options: SessionOptions;
  readonly #stops: (() => Promise<void> | void)[] = [];
  #fleet: Fleet | undefined;
  #workspaceFolder = '';
  #vscode: Vscode | undefined;
  #browser: EditorBrowser | undefined;
  #workbench: Workbench | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { clients = 4, files = {}, trust = true, keybindings = [] } = this.#options;
    const vsix = await currentVsix();
    const folder = temporaryFolder('editor-test');
    this.#stops.push(() => folder.remove());
    const workspaceFolder = await fillWorkspace(folder, files);
    this.#workspaceFolder = workspaceFolder;
    const { startFleet = () => startDemoFleet(clients) } = this.#options;
    const fleet = await startFleet();
    this.#stops.push(() => fleet.stop());
    const prepared = (await this.#options.prepare?.(fleet)) ?? {};
    const settings = { ...this.#options.settings, ...prepared.settings };
    const { user, machine } = await splitSettings(settings);
    const vscode = await launchVscode({
      release: this.#options.release,
      vsix,
      otherExtensions: (await this.#options.otherExtensions?.()) ?? [],
      workspaceFolder,
      userSettings: user,
      trust,
      keybindings,
      env: { CONSUL_HTTP_ADDR: fleet.address, ...prepared.env },
    });
    this.#stops.push(() => vscode.stop());
    await writeMachineSettings(vscode.serverDataDir, machine);
    const browser = await openBrowser();
    this.#stops.push(() => browser.close());
    this.#fleet = fleet;
    this.#vscode = vscode;
    this.#browser = browser;
  }

  async session(): Promise<Session> {
    const [fleet, vscode, browser] = [this.#fleet, this.#vscode, this.#browser];
    assert.ok(fleet && vscode && browser);
    const { name, trust = true } = this.#options;
    const ready = (workbench: Workbench) => (trust ? waitForCommands(workbench) : undefined);
    if (!this.#workbench) {
      this.#workbench = await browser.open(vscode.url);
      await ready(this.#workbench);
    }
    const workbench = this.#workbench;
    const reload = async () => {
      await workbench.reload();
      await ready(workbench);
    };
    return {
      fleet,
      vscode,
      workspaceFolder: this.#workspaceFolder,
      workbench,
      picks: new TargetPicks(workbench),
      runs: new RunList(workbench),
      changeSettings: async (settings) => {
        await writeMachineSettings(vscode.serverDataDir, settings);
        await reload();
      },
      reload,
      screenshot: async (label) => {
        await workbench.screenshot(`${name}-${label}`);
      },
    };
  }

  /** Closes the window of a failed test, so that the next test isn't affected. */
  async abandonWindow(): Promise<void> {
    await this.#workbench?.page.context().close();
    this.#workbench = undefined;
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.toReversed()) await stop();
  }
}

/** A new window is in Restricted Mode for a moment and offers no run commands until then. */
async function waitForCommands(workbench: Workbench): Promise<void> {
  const title = 'Consul Exec: Run File on Consul Nodes…';
  await eventually(async () => {
    const found = await workbench.findCommands(title);
    assert.ok(found.some((label) => label.includes(title)));
  }, 120_000);
}

async function startParts(options: SessionOptions): Promise<Parts> {
  const parts = new Parts(options);
  try {
    await parts.start();
    return parts;
  } catch (error) {
    await parts.stop();
    throw error;
  }
}

/** Copies the demo's scripts, so that tests can write to the workspace. */
async function fillWorkspace(
  folder: TemporaryFolder,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const workspace = join(folder.path, 'scripts');
  await cp(join(repository, 'test', 'demo', 'workspace'), workspace, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    const file = join(workspace, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return workspace;
}
