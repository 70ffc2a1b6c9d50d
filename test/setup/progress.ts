/**
 * Prints one line of progress. It goes to stderr, so that the output of the task itself stays clean.
 */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * Prints the title of a step, runs it, and prints how long it took (in seconds, with one decimal).
 * @throws any error of the step
 */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  say(`${title}…`);
  const started = performance.now();
  const result = await work();
  say(`  done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return result;
}
