/** The output of one node, as the real `consul exec` printed it. */
export interface CliNode {
  readonly lines: readonly string[];
  readonly code: number | undefined;
}

/**
 * Parses the output of `consul exec`: `    web-01: a line`, `==> web-01: finished with exit code 0`.
 * The lines of a node stay in order.
 */
export function readCliOutput(stdout: string): Map<string, CliNode> {
  const nodes = new Map<string, { lines: string[]; code: number | undefined }>();
  const nodeOf = (name: string) => {
    const node = nodes.get(name) ?? { lines: [], code: undefined };
    nodes.set(name, node);
    return node;
  };
  for (const line of stdout.split('\n')) {
    const [, ended, code] = /^==> (\S+): finished with exit code (-?\d+)$/.exec(line) ?? [];
    const [, name, text] = /^ {4}(\S+): (.*)$/.exec(line) ?? [];
    if (ended !== undefined) nodeOf(ended).code = Number(code);
    else if (name !== undefined && text !== undefined) nodeOf(name).lines.push(text);
  }
  // The CLI adds an empty line after every chunk of output.
  for (const node of nodes.values()) node.lines = node.lines.filter((text) => text !== '');
  return nodes;
}
