import { type Answer, BACK } from '../../base/quickInput.ts';

interface Inputs<T> {
  /** Whether to begin at the expression: the user comes back to the one from before. */
  readonly startsAtExpression: boolean;
  readonly pick: () => Promise<Answer<T | 'expression'>>;
  readonly askExpression: () => Promise<Answer<T>>;
}

/** Asks with a list, one of whose rows leads to the input of an expression. Back from there returns to the list. */
export async function listOrExpression<T>({
  startsAtExpression,
  pick,
  askExpression,
}: Inputs<T>): Promise<Answer<T>> {
  let asksExpression = startsAtExpression;
  for (;;) {
    if (asksExpression) {
      const answer = await askExpression();
      if (answer !== BACK) return answer;
    }
    const row = await pick();
    if (row !== 'expression') return row;
    asksExpression = true;
  }
}
