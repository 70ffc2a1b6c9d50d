import assert from 'node:assert/strict';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { startDemoFleet } from '../../fleet/demoFleet.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { repository } from '../../setup/repository.ts';
import { type TemporaryFolder, temporaryFolder } from '../../setup/temporaryFolder.ts';
import { type EditorBrowser, openBrowser } from '../harness/browser.ts';
import { type Keybinding, launchVscode, type Vscode } from '../harness/launchVscode.ts';
import type { Workbench } from '../harness/workbench.ts';
import { eventually } from './eventually.ts';
import { tellFailure } from './failure.ts';
import { assertNothingLeft } from './leftovers.ts';
import { RunList } from './runList.ts';
import { partSettings, type Settings, writeMachineSettings } from './settings.ts';
import { TargetPicks } from './targetPicks.ts';
import { currentVsix } from './vsix.ts';

export interface SessionOptions {
  /** Leads the names of screenshots. */
  readonly name: string;
  /** Nodes of the demo fleet beside its server; web-01, web-02, db-01, web-03 by default. */
  readonly clients?: number;
  readonly settings?: Settings;
  /** Beside the demo's scripts in the workspace: text by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Whether the window is trusted; true by default. */
  readonly trust?: boolean;
  readonly keybindings?: readonly Keybinding[];
  /** Other agents than the demo's. */
  readonly startFleet?: () => Promise<Fleet>;
  /** What can be told only once the agents are there. */
  readonly prepare?: (fleet: Fleet) => Promise<Prepared>;
  /** For our own questions, where ACLs are on. */
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
  /** Loads the window anew with these settings of scope machine instead of those it began with. */
  changeSettings(settings: Settings): Promise<void>;
  /** Loads the window anew and waits until commands can be run. */
  reload(): Promise<void>;
  /** Writes `test-results/<session>-<name>.png`. */
  screenshot(name: string): Promise<void>;
}

/** Declares a test on the session. Each must leave nothing in Consul, whether it ran or refused. */
export type Scenario = (name: string, body: (session: Session) => Promise<void>) => void;

/**
 * Starts one fleet, one VS Code and one browser before the tests of a file, and ends them after.
 * A test that fails leaves a screenshot and the logs, and the next one gets a new window.
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
        await tellFailure(session, `${options.name} ${name}`);
        await parts.abandonWindow();
        throw error;
      }
    });
}

/** Ends whatever has been started, last first. */
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
    const { user, machine } = await partSettings(settings);
    const vscode = await launchVscode({
      vsix,
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
      screenshot: async (what) => {
        await workbench.screenshot(`${name}-${what}`);
      },
    };
  }

  /** What a failed test left open must not fail the next one. */
  async abandonWindow(): Promise<void> {
    await this.#workbench?.page.context().close();
    this.#workbench = undefined;
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.toReversed()) await stop();
  }
}

/** A new window learns only after a moment that it is trusted, and offers no runs until then. */
async function waitForCommands(workbench: Workbench): Promise<void> {
  const title = 'Consul Exec: Run File on Consul Nodes…';
  await eventually(async () => {
    const found = await workbench.findCommands(title);
    assert.ok(found.some((label) => label.includes(title)));
  }, 60_000);
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

/** A copy of the demo's scripts, so that a test may write into it. */
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
