import assert from 'node:assert/strict';
import { assertNothingWritten } from './support/leftovers.ts';
import { probe, probeEnvironment, probeVsix } from './support/probe.ts';
import { editorSession } from './support/session.ts';

/** An untrusted window whose user lets assistants propose, and whose workspace asks for that too. */
const scenario = editorSession({
  name: 'assistants-restricted',
  clients: 1,
  trust: false,
  files: {
    '.vscode/settings.json': JSON.stringify({ 'consulExec.assistants': 'propose' }),
  },
  settings: { 'consulExec.assistants': 'propose', 'chat.disableAIFeatures': false },
  otherExtensions: async () => [await probeVsix()],
  prepare: () => Promise.resolve({ env: probeEnvironment }),
});

scenario('in Restricted Mode, assistants have nothing', async ({ fleet, workbench, runs }) => {
  await assertNothingWritten(fleet.address, async () => {
    await runs.open();
    // VS Code shows all tools to extensions, whatever their "when" says, so each call must refuse.
    assert.ok((await probe.tools()).includes('consul_exec_propose_run'));
    const inputs: Readonly<Record<string, object>> = {
      list_targets: {},
      list_runs: {},
      read_run: { run: 'x' },
      search_run: { run: 'x', text: 'y' },
      why_no_response: { run: 'x' },
      propose_run: { script: 'id', reason: 'why', nodes: '*' },
    };
    for (const [name, input] of Object.entries(inputs)) {
      await assert.rejects(
        probe.tool(name, input),
        /In Restricted Mode, assistants have no access/,
      );
    }
    await probe.command('consulExec.copyMcpServer');
    await workbench.notification('In Restricted Mode, assistants have no access to Consul.');
    assert.ok(!(await workbench.quickPick.isOpen()));
  });
});
