import { once } from 'node:events';
import { createServer } from 'node:net';
import { PlainError } from './plainError.ts';

/** Another process uses the requested port. */
export class PortTakenError extends PlainError {
  constructor(port: number) {
    super(`Port ${port} of 127.0.0.1 is in use. Choose another one.`);
  }
}

/**
 * Finds a port of 127.0.0.1 that is free.
 * @param wanted 0 for any
 * @throws PortTakenError if the wanted port isn't free
 */
export async function freePort(wanted: number): Promise<number> {
  const probe = createServer();
  try {
    probe.listen({ port: wanted, host: '127.0.0.1', exclusive: true });
    await once(probe, 'listening');
  } catch {
    throw new PortTakenError(wanted);
  }
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address ? address.port : wanted;
}
