import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { parseDemoOptions, usage } from '../../demo/options.ts';
import { freePort, PortTakenError } from '../../setup/freePort.ts';
import { PlainError } from '../../setup/plainError.ts';

test("the demo's options have defaults and can be set", () => {
  assert.deepEqual(parseDemoOptions([]), { help: false, port: 0, nodes: 8, openBrowser: true });
  assert.deepEqual(parseDemoOptions(['--nodes', '40', '--port=8080', '--no-open', '--help']), {
    help: true,
    port: 8080,
    nodes: 40,
    openBrowser: false,
  });
});

for (const [args, sentence] of [
  [['--nodes', '0'], '--nodes takes a whole number from 1 to 40, not "0".'],
  [['--nodes', '2.5'], '--nodes takes a whole number from 1 to 40, not "2.5".'],
  [['--nodes='], '--nodes takes a whole number from 1 to 40, not "".'],
  [['--port', '65536'], '--port takes a whole number from 0 to 65535, not "65536".'],
  [['--port='], '--port takes a whole number from 0 to 65535, not "".'],
  [['--port', 'http'], '--port takes a whole number from 0 to 65535, not "http".'],
  [['--fast'], "Unknown option '--fast'"],
  [['8080'], "Unexpected argument '8080'."],
] as const) {
  test(`${args.join(' ')} is refused, with the usage`, () => {
    assert.throws(
      () => parseDemoOptions(args),
      (error) => {
        assert.ok(error instanceof PlainError);
        assert.ok(error.message.startsWith(sentence), error.message);
        assert.ok(error.message.endsWith(usage));
        return true;
      },
    );
  });
}

test('a port in use is an error of its own type', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    await assert.rejects(freePort(port), PortTakenError);
    assert.notEqual(await freePort(0), port);
  } finally {
    server.close();
  }
  await once(server, 'close');
  assert.equal(await freePort(port), port);
});
