import { t } from '@vscode/l10n';
import { shorten } from '../../../base/shorten.ts';
import { describeSelection } from '../targetSelection.ts';
import type { SetRule } from './savedSet.ts';

const MAX_LENGTH = 120;

/** A rule in words: `service web · where Meta.rack == "r1"`, or `web[01-20],!web07`. */
export function describeRule({ service, tag, node }: SetRule): string {
  if (node.kind === 'any' || node.kind === 'matching') {
    return describeSelection({ service, tag, node });
  }
  const nodes =
    node.kind === 'nodes'
      ? shorten(node.text, MAX_LENGTH)
      : t({
          message: 'where {0}',
          args: [shorten(node.filter, MAX_LENGTH)],
          comment: ['Describes nodes by a filter expression, as in "where Meta.rack == r1"'],
        });
  if (service.kind === 'any') return nodes;
  return [describeSelection({ service, tag, node: { kind: 'any' } }), nodes].join(' · ');
}
