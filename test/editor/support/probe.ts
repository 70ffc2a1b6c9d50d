import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { repository } from '../../setup/repository.ts';
import { temporaryFolder } from '../../setup/temporaryFolder.ts';
import { eventually } from './eventually.ts';

const folder = temporaryFolder('probe');
const portFile = join(folder.path, 'port');

/** For the environment of the window: where the probe says how to reach it. */
export const probeEnvironment = { PROBE_FILE: portFile };

/** A second extension, which does what a test asks for. */
export async function probeVsix(): Promise<string> {
  const packagePath = join(folder.path, 'probe.vsix');
  await createVSIX({
    cwd: join(repository, 'test/editor/probe'),
    packagePath,
    allowMissingRepository: true,
    skipLicense: true,
    dependencies: false,
  });
  return packagePath;
}

export type Json = Readonly<Record<string, unknown>>;

/** What another extension does in the window. */
export const probe = {
  /** The names of all tools that VS Code offers to chats. */
  tools: () => ask('tools') as Promise<string[]>,
  /** @throws AssertionError with the message if the tool refuses */
  tool: (name: string, input: object = {}) => call(`consul_exec_${name}`, input),
  /** The same, by the MCP server that VS Code is connected to. */
  mcpTool: (name: string, input: object = {}) => call(`mcp_consul_exec_${name}`, input),
  /** Executes a command, without waiting for its end. */
  command: (command: string, ...args: unknown[]) => ask('command', { command, args }),
  configure: (key: string, value: unknown) => ask('configure', { key, value }),
  task: (name: string) => ask('task', { name }),
  clipboard: () => ask('clipboard') as Promise<string>,
};

async function call(name: string, input: object): Promise<Json> {
  return JSON.parse((await ask('tool', { name, input })) as string) as Json;
}

async function ask(deed: string, input: object = {}): Promise<unknown> {
  // After a reload, there is another port.
  const response = await eventually(async () => {
    const port = await readFile(portFile, 'utf8');
    const body = JSON.stringify({ deed, ...input });
    return fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body });
  });
  const { result, error } = (await response.json()) as { result?: unknown; error?: string };
  assert.equal(error, undefined, error);
  return result;
}
