import { foldedText } from '../../base/fold/foldNames.ts';
import { jobText } from '../../exec/protocol/job.ts';
import { GroupExcerpts } from '../../runs/grouping/groupExcerpt.ts';
import {
  type OutputGroup,
  largestGroup,
  mostCommonGroup,
} from '../../runs/grouping/outputGrouping.ts';
import type { Run } from '../../runs/run.ts';
import { isoTime } from '../../runs/text/time.ts';
import type { AnswerText } from '../answerText.ts';
import { fillPage, type PageRequest } from '../page.ts';
import { NOTE, runFacts, type RunState } from './runFacts.ts';

const MAX_JOB = 600;
const MAX_NAMES = 600;
const MAX_WARNINGS = 3;
const MAX_WARNING = 300;
/** Folding takes long for more names than an answer has room for. */
const MAX_FOLDED = 2000;

/**
 * The account of a run: counts, and the nodes grouped by their results, the largest group first.
 * @param more what the answer says besides; a few words
 */
export function runSummary(request: PageRequest, run: Run, state: RunState, more: object = {}) {
  const { texts } = request;
  const { info, ledger } = run;
  const { startedAt, finishedAt, reason } = ledger;
  const groups = run.groupings.exact.groups(ledger);
  const common = mostCommonGroup(groups);
  const excerpts = new GroupExcerpts({
    output: run.output,
    reference: largestGroup(groups)?.nodes[0],
    ignored: {},
    nameOf: run.groupings.nameOf,
    groups: groups.length,
  });
  const job = texts.cut(jobText(info.job), MAX_JOB);
  const base = {
    ...more,
    ...runFacts(texts, info),
    note: NOTE,
    state,
    ...(startedAt === undefined ? {} : { startedAt: isoTime(startedAt) }),
    ...(finishedAt === undefined ? {} : { finishedAt: isoTime(finishedAt) }),
    ...(reason === undefined ? {} : { reason: texts.short(reason, MAX_WARNING) }),
    succeeded: ledger.succeeded,
    nodes: ledger.size,
    counts: ledger.counts,
    warnings: ledger.warnings.slice(0, MAX_WARNINGS).map((text) => texts.short(text, MAX_WARNING)),
    job: { kind: info.job.kind, text: job.text, ...(job.isCut && { isCut: true }) },
    groupCount: groups.length,
  };
  return fillPage(request, base, 'groups', groups, async (group) => ({
    ...groupFacts(texts, group),
    isMostCommon: group === common,
    ...(group.code === undefined
      ? {}
      : { writtenByNodes: await excerpts.describe(group.nodes[0]) }),
  }));
}

function groupFacts(texts: AnswerText, { id, status, code, nodes, ending }: OutputGroup) {
  const names = firstNames(texts, nodes);
  return {
    group: id,
    status,
    ...(code === undefined ? {} : { code }),
    ...(ending === undefined ? {} : { ending: ending.outcome }),
    count: nodes.length,
    names: names.text,
    ...(names.count < nodes.length && { namesAreCut: true }),
  };
}

/** As many names as there is room for, folded: a folded text that is cut would name other nodes. */
function firstNames(texts: AnswerText, nodes: readonly string[]) {
  for (let count = Math.min(nodes.length, MAX_FOLDED); count > 1; count = Math.floor(count / 2)) {
    const { text, isCut } = texts.cut(foldedText(nodes.slice(0, count)), MAX_NAMES);
    if (!isCut) return { text, count };
  }
  return { text: texts.short(foldedText(nodes.slice(0, 1)), MAX_NAMES), count: 1 };
}
