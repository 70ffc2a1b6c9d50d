import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { repository } from '../test/setup/repository.ts';

/** VS Code looks for translations in this folder; package.json names it too. */
export const bundleFile = join(repository, 'media', 'l10n', 'bundle.l10n.json');

/**
 * The texts of a bundle by key. A text without a comment is its own key. The key of a commented text is
 * `<message>/<comments, joined>`: this is the rule of both `@vscode/l10n` and `vscode.l10n`. Bundles of
 * translations have the same keys and plain strings as values, since `vscode.l10n` reads no others.
 */
export type L10nBundle = Readonly<Record<string, BundleText>>;

type BundleText = string | { readonly message: string; readonly comment: readonly string[] };

/**
 * Collects every user-visible text of the code for translators, sorted by key.
 * @throws Error when an argument of `t` is not a literal, since such a text can't be translated
 */
export async function exportStrings(): Promise<L10nBundle> {
  const found = new Map<string, BundleText>();
  for await (const path of glob('src/**/*.ts', { cwd: repository })) {
    const source = await readFile(join(repository, path), 'utf8');
    for (const [key, text] of stringsIn(source, path)) found.set(key, text);
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Collects the texts of one source file.
 * @param path only for the error message
 * @throws Error when an argument of `t` is not a literal
 */
export function stringsIn(source: string, path: string): Map<string, BundleText> {
  const found = new Map<string, BundleText>();
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest);
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTranslation(node.expression.getText(file))) {
      const entry = bundleEntry(node.arguments[0]);
      if (!entry) throw new Error(`${path}: ${node.getText(file)} is not a literal text`);
      found.set(...entry);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isTranslation(callee: string): boolean {
  return callee === 't' || callee === 'vscode.l10n.t' || callee === 'l10n.t';
}

/** Reads the first argument of `t`: a text, or `{message, args, comment}`. */
function bundleEntry(argument: ts.Expression | undefined): [string, BundleText] | undefined {
  if (!argument) return undefined;
  if (!ts.isObjectLiteralExpression(argument)) {
    const message = literalText(argument);
    return message === undefined ? undefined : [message, message];
  }
  const message = literalText(propertyOf(argument, 'message'));
  if (message === undefined) return undefined;
  const value = propertyOf(argument, 'comment');
  if (!value) return [message, message];
  const parts = ts.isArrayLiteralExpression(value) ? value.elements : [value];
  const comment = parts.map(literalText);
  if (!comment.every((text) => text !== undefined)) return undefined;
  return [`${message}/${comment.join('')}`, { message, comment }];
}

function propertyOf(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const property = object.properties.find(
    (candidate) =>
      candidate.name && ts.isIdentifier(candidate.name) && candidate.name.text === name,
  );
  return property && ts.isPropertyAssignment(property) ? property.initializer : undefined;
}

/** A literal, or literals joined with `+`, which keep long texts within the line length. */
function literalText(node: ts.Expression | undefined): string | undefined {
  if (!node) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isParenthesizedExpression(node)) return literalText(node.expression);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [literalText(node.left), literalText(node.right)];
    return left === undefined || right === undefined ? undefined : left + right;
  }
  return undefined;
}
