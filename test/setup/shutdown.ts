import { constants } from 'node:os';

type CleanUp = () => void;

const cleanUps = new Set<CleanUp>();
let listening = false;
let interruptible: AbortController | undefined;

/**
 * Runs `cleanUp` when this process ends for any reason: the end of the work, an error, Ctrl-C. It must be
 * synchronous, because nothing else runs while a process exits.
 * @returns a function that removes the cleanup, for when it isn't needed any more
 */
export function onShutdown(cleanUp: CleanUp): () => void {
  listen();
  cleanUps.add(cleanUp);
  return () => cleanUps.delete(cleanUp);
}

/**
 * While `work` is running, Ctrl-C and similar signals don't end this process, but abort the signal: `work`
 * has more to clean up than a process can do while it exits.
 */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  listen();
  const controller = new AbortController();
  interruptible = controller;
  try {
    return await work(controller.signal);
  } finally {
    interruptible = undefined;
  }
}

function listen(): void {
  if (listening) return;
  listening = true;
  process.on('exit', () => {
    for (const cleanUp of [...cleanUps].reverse()) {
      try {
        cleanUp();
      } catch (error) {
        process.stderr.write(`cleanup: ${String(error)}\n`);
      }
    }
  });
  // Without these listeners, a signal would end the process without an 'exit' event. They stay: one Ctrl-C
  // arrives from the terminal and again from each parent that passes it on, and without a listener the
  // second signal would end the process during its cleanup.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (interruptible) interruptible.abort();
      else process.exit(128 + constants.signals[signal]);
    });
  }
}
