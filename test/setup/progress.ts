/**
 * Says what is going on, one line at a time. On stderr, so that the output of what runs next stays clean.
 */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * Announces a step, runs it and says how long it took (seconds, one decimal).
 * @throws whatever the step throws
 */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  say(`${title}…`);
  const started = performance.now();
  const result = await work();
  say(`  done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return result;
}
