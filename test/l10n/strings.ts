import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { repository } from '../setup/repository.ts';

/** Where translations are looked for; package.json says so too. */
export const bundleFile = join(repository, 'media', 'l10n', 'bundle.l10n.json');

/**
 * Every text for the user that the code has, as translators get them: by itself, in order.
 * @throws Error where what is given to `t` is no plain text, which nobody could translate
 */
export async function exportStrings(): Promise<Record<string, string>> {
  const found = new Set<string>();
  for await (const path of glob('src/**/*.ts', { cwd: repository })) {
    const text = await readFile(join(repository, path), 'utf8');
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && isTranslation(node.expression.getText(file))) {
        const [message] = node.arguments;
        if (!message || !ts.isStringLiteralLike(message)) {
          throw new Error(`${path}: ${node.getText(file)} is no plain text`);
        }
        found.add(message.text);
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return Object.fromEntries([...found].sort().map((message) => [message, message]));
}

function isTranslation(callee: string): boolean {
  return callee === 't' || callee === 'vscode.l10n.t' || callee === 'l10n.t';
}
