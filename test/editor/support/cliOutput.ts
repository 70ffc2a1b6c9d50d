/** What the real `consul exec` printed of one node. */
export interface CliNode {
  readonly lines: readonly string[];
  readonly code: number | undefined;
}

/**
 * Reads what `consul exec` prints: `    web-01: a line`, `==> web-01: finished with exit code 0`.
 * Chunks that arrive together stay in the node's own order.
 */
export function readCliOutput(stdout: string): Map<string, CliNode> {
  const nodes = new Map<string, { lines: string[]; code: number | undefined }>();
  const of = (name: string) => {
    const node = nodes.get(name) ?? { lines: [], code: undefined };
    nodes.set(name, node);
    return node;
  };
  for (const line of stdout.split('\n')) {
    const [, ended, code] = /^==> (\S+): finished with exit code (-?\d+)$/.exec(line) ?? [];
    const [, name, text] = /^ {4}(\S+): (.*)$/.exec(line) ?? [];
    if (ended !== undefined) of(ended).code = Number(code);
    else if (name !== undefined && text !== undefined) of(name).lines.push(text);
  }
  // The CLI ends every chunk of output with an empty line of its own.
  for (const node of nodes.values()) node.lines = node.lines.filter((text) => text !== '');
  return nodes;
}
