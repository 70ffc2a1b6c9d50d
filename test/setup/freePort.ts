import { once } from 'node:events';
import { createServer } from 'node:net';
import { PlainError } from './plainError.ts';

/** The port that was asked for is somebody else's. */
export class PortTakenError extends PlainError {
  constructor(port: number) {
    super(`Port ${port} of 127.0.0.1 is taken: choose another one.`);
  }
}

/**
 * A port of 127.0.0.1 that nobody listens at.
 * @param wanted 0 for any
 * @throws PortTakenError when the one that is wanted is not free
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
