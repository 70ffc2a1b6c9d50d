// Plain JavaScript without dependencies, because bootstrap.mjs needs it before anything is installed.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout } from 'node:timers';

/**
 * Takes the lock `name` of this machine, waiting as long as another process has it.
 *
 * It is a socket with an abstract name, which the kernel takes back when its owner is gone, however that
 * ended: there is no file that could be half-written, left over, or name a process that is another by now.
 * Only Linux has such names; elsewhere, and between containers, nobody waits.
 */
export async function takeLock(name, onWait = () => undefined) {
  const address = abstractName(name);
  for (let told = false; ;) {
    const release = await hold(address);
    if (release) return release;
    await whileHeld(address, (owner) => {
      if (!told) onWait(owner);
      told = true;
    });
  }
}

/** As long as such a name may be (108 bytes): Node before 22 fills shorter ones up with zeros, later ones do not. */
function abstractName(name) {
  return `\0${`consul-exec-dev/${createHash('sha512').update(name).digest('hex')}`.slice(0, 107)}`;
}

/** @returns what releases the lock, or undefined when somebody has it */
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
  // Holding a lock keeps nobody running.
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
    // An owner that is just going refuses us, and one that has a long queue may.
    socket.on('error', () => setTimeout(resolve, 20));
    socket.on('close', (failed) => failed || resolve());
  });
}
