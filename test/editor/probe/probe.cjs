const { createServer } = require('node:http');
const { writeFileSync } = require('node:fs');
const vscode = require('vscode');

/** What another extension can do: its results are sent back as JSON. */
const deeds = {
  tools: () => vscode.lm.tools.map(({ name }) => name),
  tool: async ({ name, input }) => {
    const options = { input, toolInvocationToken: undefined };
    const { content } = await vscode.lm.invokeTool(name, options);
    return content.map(({ value }) => value).join('');
  },
  command: async ({ command, args = [] }) => {
    // A command that asks the user ends when the user has answered.
    void vscode.commands.executeCommand(command, ...args).then(undefined, () => undefined);
  },
  configure: ({ key, value }) =>
    vscode.workspace.getConfiguration().update(key, value, vscode.ConfigurationTarget.Global),
  task: async ({ name }) => {
    const tasks = await vscode.tasks.fetchTasks();
    await vscode.tasks.executeTask(tasks.find((task) => task.name === name));
  },
  clipboard: () => vscode.env.clipboard.readText(),
};

exports.activate = ({ subscriptions }) => {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { deed, ...input } = JSON.parse(body);
    try {
      const result = (await deeds[deed](input)) ?? null;
      response.end(JSON.stringify({ result }));
    } catch (error) {
      response.end(JSON.stringify({ error: error.message }));
    }
  });
  server.requestTimeout = 0;
  server.listen(0, '127.0.0.1', () => {
    writeFileSync(process.env.PROBE_FILE, String(server.address().port));
  });
  subscriptions.push({ dispose: () => server.closeAllConnections() || server.close() });
};
