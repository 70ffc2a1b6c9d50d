import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { PlainError } from '../setup/plainError.ts';

/** This port of the block's last address is open while the block is in use. */
const lockPort = 8499;

/** A separate loopback network, `127.0.B.*`, so that agents can use their default ports. */
export interface AddressBlock {
  /** @param host 1 to 253 */
  address(host: number): string;
  release(): void;
}

/**
 * Reserves a free block until it is released or this process ends.
 * @throws PlainError if the system has no such addresses (macOS has only 127.0.0.1) or none is free
 */
export async function takeAddressBlock(): Promise<AddressBlock> {
  const start = Math.floor(Math.random() * 250);
  for (let step = 0; step < 250; step++) {
    const block = `127.0.${((start + step) % 250) + 1}`;
    const lock = await listen(`${block}.254`, lockPort);
    if (!lock) continue;
    // Agents of a run that was killed might still use this block without its lock.
    const probe = await listen(`${block}.1`, 8500);
    if (!probe) {
      lock.close();
      continue;
    }
    probe.close();
    await once(probe, 'close');
    return { address: (host) => `${block}.${host}`, release: () => lock.close() };
  }
  throw new PlainError(
    "Couldn't find a free loopback block 127.0.B.*. Use Linux, where all of 127/8 is loopback.",
  );
}

async function listen(host: string, port: number): Promise<Server | undefined> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
    return server.unref();
  } catch {
    return undefined;
  }
}
