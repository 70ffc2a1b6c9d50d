/** A value of one of several sequences, or the error that ended it. */
export interface MergeResult<Source, Value> {
  readonly source: Source;
  readonly result:
    | { readonly failed: false; readonly value: Value }
    | { readonly failed: true; readonly error: unknown };
}

/**
 * Merges several sequences: yields each value as soon as it is available. Each sequence keeps its order,
 * and is not continued before the caller asks for the value after its last one. If a sequence fails, the
 * result contains its error, and the other sequences continue.
 */
export async function* mergeSequences<Source, Value>(
  sources: readonly Source[],
  sequenceOf: (source: Source) => AsyncIterator<Value, void>,
): AsyncGenerator<MergeResult<Source, Value>, void> {
  type Step = MergeResult<Source, Value> | { readonly source: Source; readonly result: undefined };
  const step = async (source: Source): Promise<Step> => {
    try {
      const { done, value } = await sequenceOf(source).next();
      return { source, result: done ? undefined : { failed: false, value } };
    } catch (error) {
      return { source, result: { failed: true, error } };
    }
  };
  // Use a queue: Promise.race for every value would accumulate callbacks on a slow sequence.
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
    if (result) yield { source, result };
    // Only now: what a sequence does next can rely on what was done with its last value.
    if (result === undefined || result.failed) open--;
    else void pull(source);
  }
}
