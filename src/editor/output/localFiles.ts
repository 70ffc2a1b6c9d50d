import * as vscode from 'vscode';

/** For this long it is believed that no files come or go: live documents ask again and again. */
const FRESH_MS = 30_000;
const MOST_FILES = 2000;
/** Packages from elsewhere: what nodes tell of their own is not about these copies. */
const NOT_OURS = '**/node_modules/**';

interface Known {
  readonly at: number;
  readonly files: readonly vscode.Uri[];
}

/** The files of the workspace by their names, found in one search for all names that are asked for. */
export class LocalFiles {
  readonly #known = new Map<string, Known>();

  /** @param names without any folder, and of characters that mean nothing in a glob */
  async find(
    names: readonly string[],
    token: vscode.CancellationToken,
  ): Promise<ReadonlyMap<string, readonly vscode.Uri[]>> {
    const now = Date.now();
    for (const [name, { at }] of this.#known) {
      if (now - at > FRESH_MS) this.#known.delete(name);
    }
    const unknown = names.filter((name) => !this.#known.has(name));
    if (unknown.length > 0 && vscode.workspace.workspaceFolders) {
      const glob = unknown.length === 1 ? `**/${unknown[0]}` : `**/{${unknown.join(',')}}`;
      const found = await vscode.workspace.findFiles(glob, NOT_OURS, MOST_FILES, token);
      if (token.isCancellationRequested) return new Map();
      // Where not all were found, nobody knows which of those with one name is meant.
      const all = found.length < MOST_FILES ? found : [];
      const byName = Map.groupBy(all, ({ path }) => path.slice(path.lastIndexOf('/') + 1));
      for (const name of unknown) this.#known.set(name, { at: now, files: byName.get(name) ?? [] });
    }
    return new Map(names.map((name) => [name, this.#known.get(name)?.files ?? []]));
  }
}
