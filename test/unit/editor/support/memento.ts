import type { Memento } from 'vscode';

/** One of VS Code's stores in memory. Values pass through JSON, as in VS Code. */
export function memento(stored: Readonly<Record<string, unknown>> = {}): Memento {
  const values = new Map(Object.entries(stored));
  return {
    keys: () => [...values.keys()],
    get: (key: string, fallback?: unknown) => values.get(key) ?? fallback,
    update: (key: string, value: unknown) => {
      values.set(key, value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
      return Promise.resolve();
    },
  } as Memento;
}
