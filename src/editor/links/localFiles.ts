import * as vscode from 'vscode';

/** How long to cache lookups; live documents request links repeatedly. */
const CACHE_MS = 30_000;
const MAX_FILES = 2000;
/** Installed packages: a node's error messages refer to its own copies, not to these. */
const EXCLUDED_FILES = '**/node_modules/**';

interface CachedLookup {
  readonly at: number;
  readonly files: readonly vscode.Uri[];
}

/** Finds files of the workspace by name, with one search for all names of a request. */
export class LocalFiles {
  readonly #known = new Map<string, CachedLookup>();

  /** @param names without a folder and without characters that have a meaning in a glob pattern */
  async find(
    names: readonly string[],
    token: vscode.CancellationToken,
  ): Promise<ReadonlyMap<string, readonly vscode.Uri[]>> {
    const now = Date.now();
    for (const [name, { at }] of this.#known) {
      if (now - at > CACHE_MS) this.#known.delete(name);
    }
    const unknown = names.filter((name) => !this.#known.has(name));
    if (unknown.length > 0 && vscode.workspace.workspaceFolders) {
      const glob = unknown.length === 1 ? `**/${unknown[0]}` : `**/{${unknown.join(',')}}`;
      const found = await vscode.workspace.findFiles(glob, EXCLUDED_FILES, MAX_FILES, token);
      if (token.isCancellationRequested) return new Map();
      // If the search stopped at the limit, a name can have more files than were found, so none is used.
      const all = found.length < MAX_FILES ? found : [];
      const byName = Map.groupBy(all, ({ path }) => path.slice(path.lastIndexOf('/') + 1));
      for (const name of unknown) this.#known.set(name, { at: now, files: byName.get(name) ?? [] });
    }
    return new Map(names.map((name) => [name, this.#known.get(name)?.files ?? []]));
  }
}
