// Plays an assistant: proposes a run through the MCP server of this window, and waits for your answer.
// 1. Run "Consul Exec: Copy the Address of the MCP Server" from the Command Palette.
// 2. In a terminal: node assistant.mjs, then paste, and press Ctrl+D.
import { text } from 'node:stream/consumers';

const { url, headers } = JSON.parse(await text(process.stdin));

async function call(name, input) {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name, arguments: input },
    }),
  });
  const answer = await response.text();
  // A stream of events has the answer in a line that begins with "data: ".
  const json = answer.startsWith('{') ? answer : /^data: (.*)$/m.exec(answer)?.[1];
  return JSON.parse(json ?? '{}').result?.content?.[0]?.text ?? answer;
}

console.log(await call('list_targets', { service: 'web' }));
console.log('Look at the review in the editor.');
console.log(
  await call('propose_run', {
    service: 'web',
    script: 'echo "app $APP_VERSION"\n',
    reason: 'To see which web nodes run an older version.',
  }),
);
