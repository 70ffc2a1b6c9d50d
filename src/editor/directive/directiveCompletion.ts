import * as vscode from 'vscode';
import type { CatalogNode } from '../../consul/catalog/catalogNode.ts';
import {
  DIRECTIVE_KEYS,
  type DirectiveKey,
  isDirectiveKey,
} from '../../exec/directive/directive.ts';
import { fieldOf } from '../../exec/directive/directiveValues.ts';
import { quoted } from '../../exec/directive/readDirective.ts';
import { completeFilter, FilterVocabulary } from '../../exec/targeting/where/completeFilter.ts';
import { ANY, instanceMatch } from '../../exec/targeting/targetSelection.ts';
import type { ConnectionService } from '../connections/connectionService.ts';
import { listSets } from '../pick/sets/listedSets.ts';
import { directiveAt } from './directiveAt.ts';
import { keyDescription } from './keyDescription.ts';
import type { LiveTargets } from './liveTargets.ts';

/** `key`, or `key=value` with an open or no quote, up to the cursor. */
const WORD =
  /(?:^|\s)(?<key>[\w-]*)(?:(?<equals>=)(?:"(?<double>[^"]*)|'(?<single>[^']*)|(?<plain>[^\s"']*)))?$/;

const EXAMPLES: Readonly<Partial<Record<DirectiveKey, readonly string[]>>> = {
  limit: ['30s', '60s', '5m'],
  cap: ['512KB', '1MB', '10MB'],
  steps: ['1', '1,10%', '1,10%,50%'],
};

/** Keys of a directive, and their values from the live catalog. */
export class DirectiveCompletion implements vscode.CompletionItemProvider {
  static readonly TRIGGERS = ['=', ',', ' ', '"', "'"];
  readonly #targets: LiveTargets;
  readonly #connections: ConnectionService;

  constructor(targets: LiveTargets, connections: ConnectionService) {
    this.#targets = targets;
    this.#connections = connections;
  }

  provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): vscode.CompletionItem[] {
    const directive = vscode.workspace.isTrusted ? directiveAt(document, position) : undefined;
    const start = directive?.start.translate(0, 'consul-exec:'.length);
    if (!directive || !start || position.isBefore(start)) return [];
    const before = document.getText(new vscode.Range(start, position));
    const { key = '', equals, double, single, plain } = WORD.exec(before)?.groups ?? {};
    const value = double ?? single ?? plain ?? '';
    if (equals === undefined) {
      return keyItems(new vscode.Range(position.translate(0, -key.length), position));
    }
    if (!isDirectiveKey(key)) return [];
    const isQuoted = /["']$/.test(before.slice(0, before.length - value.length));
    const line = document.getText(directive);
    return this.#values(key, value, line).map((text) => {
      const item = new vscode.CompletionItem(text, vscode.CompletionItemKind.Value);
      // Names can have characters that end a word, so the whole value is replaced.
      item.range = new vscode.Range(position.translate(0, -value.length), position);
      item.filterText = text;
      item.insertText = isQuoted ? text : quoted(text);
      return item;
    });
  }

  #values(key: DirectiveKey, value: string, line: string): readonly string[] {
    const nodes = this.#targets.nodes ?? [];
    switch (key) {
      case 'service':
        return listed(value, servicesOf(nodes));
      case 'tag':
        return listed(value, tagsOf(nodes, /\bservice=(["']?)([^\s"']+)\1/.exec(line)?.[2]));
      case 'nodes':
        return listed(
          value,
          nodes.map(({ name }) => name),
        );
      case 'where':
        return completeFilter(value, new FilterVocabulary(nodes)).map(({ text }) => text);
      case 'set':
        return listSets().sets.map(({ set }) => set.name);
      case 'connection':
        return this.#connections.profiles.profiles.map(({ name }) => name);
      case 'datacenter':
        return [this.#connections.active.datacenter ?? ''].filter(Boolean);
      default:
        return EXAMPLES[key] ?? [];
    }
  }
}

function keyItems(range: vscode.Range): vscode.CompletionItem[] {
  return DIRECTIVE_KEYS.map((key, i) => {
    const item = new vscode.CompletionItem(key, vscode.CompletionItemKind.Property);
    item.detail = keyDescription(key);
    item.insertText = `${key}=`;
    item.range = range;
    item.sortText = String(i);
    item.command = { command: 'editor.action.triggerSuggest', title: '' };
    return item;
  });
}

/** Each name after those that a list already has. */
function listed(value: string, names: Iterable<string>): string[] {
  const before = value.slice(0, value.lastIndexOf(',') + 1);
  const taken = new Set(before.split(','));
  return [...new Set(names)]
    .filter((name) => !taken.has(name))
    .sort()
    .map((name) => before + name);
}

function servicesOf(nodes: readonly CatalogNode[]): string[] {
  return nodes.flatMap(({ services }) => services.map(({ name }) => name));
}

function tagsOf(nodes: readonly CatalogNode[], service: string | undefined): string[] {
  const selected = service === undefined ? ANY : fieldOf(service);
  const matches = instanceMatch({ service: selected, tag: ANY, node: ANY }) ?? (() => true);
  return nodes.flatMap(({ services }) => services.filter(matches).flatMap(({ tags }) => [...tags]));
}
