import { constants } from 'node:os';

type CleanUp = () => void;

const cleanUps = new Set<CleanUp>();
let listening = false;

/**
 * Runs `cleanUp` when this process ends, whatever the reason: the end of the work, an error, Ctrl-C.
 * It must be synchronous, since nothing else is run while a process exits.
 * @returns takes the clean-up back, for when the work is done already
 */
export function onShutdown(cleanUp: CleanUp): () => void {
  if (!listening) listen();
  listening = true;
  cleanUps.add(cleanUp);
  return () => cleanUps.delete(cleanUp);
}

function listen(): void {
  process.on('exit', () => {
    for (const cleanUp of [...cleanUps].reverse()) {
      try {
        cleanUp();
      } catch (error) {
        process.stderr.write(`clean-up: ${String(error)}\n`);
      }
    }
  });
  // A signal would otherwise end the process without an 'exit' event.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}
