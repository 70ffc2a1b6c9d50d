/** What one of several sequences gave: a value, or the error it ended in. */
export interface Given<Source, Value> {
  readonly source: Source;
  readonly result:
    | { readonly failed: false; readonly value: Value }
    | { readonly failed: true; readonly error: unknown };
}

/**
 * Yields what several sequences give, as it comes; each keeps its own order, and none is read ahead
 * by more than one value. One that fails is told of and ends; the others go on.
 */
export async function* mergeSequences<Source, Value>(
  sources: readonly Source[],
  sequenceOf: (source: Source) => AsyncIterator<Value, void>,
): AsyncGenerator<Given<Source, Value>, void> {
  type Step = Given<Source, Value> | { readonly source: Source; readonly result: undefined };
  const step = async (source: Source): Promise<Step> => {
    try {
      const { done, value } = await sequenceOf(source).next();
      return { source, result: done ? undefined : { failed: false, value } };
    } catch (error) {
      return { source, result: { failed: true, error } };
    }
  };
  // A queue and one waiter: racing the promises anew for every value would pile up on a slow one.
  const ready: Step[] = [];
  let wake: () => void = () => undefined;
  const pull = async (source: Source): Promise<void> => {
    ready.push(await step(source));
    wake();
  };
  for (const source of sources) void pull(source);
  let open = sources.length;
  while (open > 0) {
    const next = ready.shift();
    if (!next) {
      await new Promise<void>((resolve) => (wake = resolve));
      continue;
    }
    const { source, result } = next;
    if (result === undefined || result.failed) open--;
    else void pull(source);
    if (result) yield { source, result };
  }
}
