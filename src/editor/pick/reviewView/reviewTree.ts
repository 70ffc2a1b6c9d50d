import * as vscode from 'vscode';
import type { ReviewGroup } from '../../../exec/review/reviewGroups.ts';
import type { TargetNode } from '../session/datacenterTargets.ts';
import { TreePages } from '../../nodeTree/treePages.ts';
import type { OpenReview } from './openReview.ts';
import { reasonLines, reviewItem, warningLines } from './reviewItems.ts';
import { ReviewRow, type RowContent } from './reviewRow.ts';

/** The rows of the open review: the run first, then what to be careful about, then the nodes. */
export class ReviewTree implements vscode.TreeDataProvider<ReviewRow>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  #review: OpenReview | undefined;
  /** By the ids of groups; under '' the groups themselves. */
  readonly #pages = new TreePages();

  readonly onDidChangeTreeData = this.#changed.event;

  /** Draws the rows again, or the rows of another review. */
  draw(review: OpenReview | undefined): void {
    if (!review) this.#pages.reset();
    this.#review = review;
    this.#changed.fire(undefined);
  }

  showMore(group: ReviewGroup<TargetNode> | undefined): void {
    this.#pages.showMore(group?.id ?? '');
    this.#changed.fire(undefined);
  }

  getTreeItem(row: ReviewRow): vscode.TreeItem {
    return reviewItem(row);
  }

  getParent({ parent }: ReviewRow): ReviewRow | undefined {
    return parent;
  }

  getChildren(parent?: ReviewRow): ReviewRow[] {
    const review = parent?.review ?? this.#review;
    if (!review?.isFilled) return [];
    return this.#contents(review, parent?.content).map(
      (content) => new ReviewRow(review, content, parent),
    );
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #contents(review: OpenReview, parent: RowContent | undefined): RowContent[] {
    if (!parent) return this.#roots(review);
    switch (parent.kind) {
      case 'filter':
        return [
          { kind: 'showAll' },
          ...(review.nodes.hidden.length > 0 ? [{ kind: 'clearHidden' } as const] : []),
        ];
      case 'warning': {
        const { index, warning } = parent;
        const [, ...further] = warningLines(warning);
        return [
          ...further.map((line): RowContent => ({ kind: 'warningLine', line, index })),
          ...(warning.fix ? [{ kind: 'fix', fix: warning.fix, index } as const] : []),
        ];
      }
      case 'proposal':
        return reasonLines(review.session).map((line, index) => ({
          kind: 'reasonLine',
          line,
          index,
        }));
      case 'options':
        return optionsOf(review);
      case 'group': {
        const { group } = parent;
        const page = group.nodes.slice(0, this.#pages.limit(group.id));
        return [
          ...page.map((target): RowContent => ({ kind: 'node', group, target })),
          ...moreContent(group, group.nodes.length - page.length),
        ];
      }
      default:
        return [];
    }
  }

  #roots(review: OpenReview): RowContent[] {
    // What runs is open until the user decides.
    if (review.editedScript) return [{ kind: 'useText' }, { kind: 'discardText' }];
    const groups = review.groups.slice(0, this.#pages.limit(''));
    return [
      { kind: 'run' },
      ...(review.canRunInSteps ? [{ kind: 'steps' } as const] : []),
      ...(review.session.proposal ? [{ kind: 'proposal' } as const] : []),
      ...(review.nodes.filter === '' ? [] : [{ kind: 'filter' } as const]),
      ...review.warnings.map((warning, index) => ({ kind: 'warning', warning, index }) as const),
      ...review.session.parameters.map((parameter) => ({ kind: 'parameter', parameter }) as const),
      { kind: 'options' },
      ...groups.map((group) => ({ kind: 'group', group }) as const),
      ...moreContent(undefined, review.groups.length - groups.length),
    ];
  }
}

function optionsOf({ addedLine, nodes, session }: OpenReview): RowContent[] {
  return [
    { kind: 'text' },
    ...(session.proposal ? [{ kind: 'editScript' } as const] : []),
    ...(addedLine === undefined ? [] : [{ kind: 'addedLine' } as const]),
    { kind: 'guard' },
    { kind: 'wait' },
    ...(nodes.selected.length > 0 ? [{ kind: 'saveSet' } as const] : []),
    { kind: 'back' },
  ];
}

function moreContent(group: ReviewGroup<TargetNode> | undefined, count: number): RowContent[] {
  return count > 0 ? [{ kind: 'more', group, count }] : [];
}
