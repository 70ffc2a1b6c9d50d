// Plain JavaScript without dependencies, because bootstrap.mjs needs it before anything is installed.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout } from 'node:timers';

/**
 * Takes the lock `name` of this machine. Waits while another process has it.
 *
 * The lock is a socket with an abstract name, which the kernel frees when its owner ends for any reason. A
 * lock file could be half-written, left over, or name a process id that is reused by now. Only Linux has
 * such names; elsewhere, and between containers, this doesn't wait.
 */
export async function takeLock(name, onWait = () => undefined) {
  const address = abstractName(name);
  for (let hasReported = false; ;) {
    const release = await hold(address);
    if (release) return release;
    await whileHeld(address, (owner) => {
      if (!hasReported) onWait(owner);
      hasReported = true;
    });
  }
}

/** Uses the full length of such a name (108 bytes): Node before 22 pads shorter ones with zeros, later versions don't. */
function abstractName(name) {
  return `\0${`consul-exec-dev/${createHash('sha512').update(name).digest('hex')}`.slice(0, 107)}`;
}

/** @returns a function that releases the lock, or undefined when another process has it */
async function hold(address) {
  const waiters = new Set();
  const server = createServer((socket) => {
    waiters.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => waiters.delete(socket));
    socket.unref();
    socket.write(String(process.pid));
  });
  try {
    server.listen(address);
    await once(server, 'listening');
  } catch (error) {
    return error.code === 'EADDRINUSE' ? undefined : () => undefined;
  }
  // Holding a lock must not keep this process running.
  server.unref();
  return () => {
    server.close();
    for (const socket of waiters) socket.destroy();
  };
}

/** Resolves when the owner has released the lock or is gone. */
function whileHeld(address, onOwner) {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.on('data', (pid) => onOwner(Number(pid)));
    // An owner that is ending refuses the connection; one with a long queue might.
    socket.on('error', () => setTimeout(resolve, 20));
    socket.on('close', (failed) => failed || resolve());
  });
}
