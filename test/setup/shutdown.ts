import { constants } from 'node:os';

type CleanUp = () => void;

const cleanUps = new Set<CleanUp>();
let listening = false;
let winding: AbortController | undefined;

/**
 * Runs `cleanUp` when this process ends, whatever the reason: the end of the work, an error, Ctrl-C.
 * It must be synchronous, since nothing else is run while a process exits.
 * @returns takes the clean-up back, for when the work is done already
 */
export function onShutdown(cleanUp: CleanUp): () => void {
  listen();
  cleanUps.add(cleanUp);
  return () => cleanUps.delete(cleanUp);
}

/**
 * While `work` goes on, Ctrl-C and its like do not end this process, but abort the signal: what `work`
 * started has more to clean up than can be done while a process exits.
 */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  listen();
  const controller = new AbortController();
  winding = controller;
  try {
    return await work(controller.signal);
  } finally {
    winding = undefined;
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
        process.stderr.write(`clean-up: ${String(error)}\n`);
      }
    }
  });
  // A signal would otherwise end the process without an 'exit' event. The listeners stay: one Ctrl-C
  // arrives once from the terminal and again from each parent that passes it on, and without a listener
  // the second would end the process in the middle of its clean-up.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (winding) winding.abort();
      else process.exit(128 + constants.signals[signal]);
    });
  }
}
