import { foldedText } from '../../base/fold/foldNames.ts';
import type { ExaminedNodes } from '../../exec/doctor/finding.ts';
import { fillPage, type PageRequest } from '../page.ts';

const MAX_TEXT = 1000;
const MAX_NAMES = 1000;

/** Why nodes didn't respond: what is wrong comes first, then what only the nodes can say. */
export function findingsAnswer(
  request: PageRequest,
  run: string,
  examined: readonly ExaminedNodes[],
) {
  const { texts } = request;
  const count = examined.reduce((sum, { nodes }) => sum + nodes.length, 0);
  const findings = (['problem', 'unknown', 'ok'] as const).flatMap((verdict) =>
    examined.flatMap(({ datacenter, nodes, findings: found }) =>
      found
        .filter((finding) => finding.verdict === verdict)
        .map((finding) => ({ datacenter, nodes, finding })),
    ),
  );
  return fillPage(
    request,
    { run, count },
    'findings',
    findings,
    ({ datacenter, nodes, finding }) => {
      const { verdict, summary, evidence, advice } = finding;
      return {
        verdict,
        datacenter: texts.name(datacenter),
        nodes: texts.short(foldedText(nodes.slice(0, MAX_NAMES)), MAX_NAMES),
        summary: texts.short(summary, MAX_TEXT),
        evidence: texts.short(evidence, MAX_TEXT),
        ...(advice === undefined ? {} : { advice: texts.short(advice, MAX_TEXT) }),
      };
    },
  );
}
