import * as vscode from 'vscode';
import type { Guard } from '../../../exec/guard/guardJob.ts';
import { type Job, jobText } from '../../../exec/protocol/job.ts';
import { type RaftWrites, raftWrites } from '../../../exec/protocol/raftWrites.ts';
import type { Script } from '../../../exec/script/script.ts';
import { findBashSyntax } from '../../../exec/script/bashSyntax.ts';
import { overwrittenIn } from '../../../exec/script/scriptParameters.ts';
import { findLookAlikeSpaces, markLookAlikeSpaces } from '../../../exec/script/lookAlikeSpaces.ts';
import { valueLabel } from '../../../exec/script/parameters/valueLabel.ts';
import { describeBytes, describeDuration } from '../../../runs/text/stateText.ts';
import { plainLabel, withoutLinks } from '../../base/plainLabel.ts';
import type { PickSession } from '../session/pickSession.ts';
import { jobKindLabel } from './jobKindLabel.ts';
import { displayCode } from './textView.ts';

/**
 * Describes the run in one line: the warnings, the job, and the beginning of its text.
 * @param events how many events the run needs, if that is known
 */
export function reviewSummary(
  session: PickSession,
  nodeCount: number,
  events: number | undefined,
  warnings: readonly string[],
): string {
  return [
    ...warnings.map((text) => `⚠ ${text}`),
    runSummary(session, nodeCount, events),
    ...jobExcerpt(session),
  ]
    .map(withoutLinks)
    .join(' — ');
}

/** The job, and what its run costs, without warnings. */
export function runSummary(
  session: PickSession,
  nodeCount: number,
  events: number | undefined,
): string {
  return [...describeJob(session), ...describeLoad(session, nodeCount, events)].join(' · ');
}

/** Warnings about the text of a job. */
export function textWarnings({ job, script }: Pick<PickSession, 'job' | 'script'>): string[] {
  return [...valueWarnings(script), ...bashWarnings(job), ...spaceWarnings(job)];
}

function valueWarnings(script: PickSession['script']): string[] {
  const found = script && overwrittenIn(script);
  if (!found) return [];
  const { line, name } = found;
  return [
    vscode.l10n.t(
      'Line {0} of the script assigns another value to the parameter {1}, which replaces the value that you entered',
      line,
      name,
    ),
  ];
}

/** A text without a `#!` line runs in the agent's shell, which can be dash. */
function bashWarnings(job: Job): string[] {
  const text = jobText(job);
  const found = text.startsWith('#!') ? undefined : findBashSyntax(text);
  if (!found) return [];
  return [
    vscode.l10n.t(
      'Line {0} uses {1}, which bash knows and sh does not. An agent without the variable SHELL runs it with sh: add the line "#!/usr/bin/env bash"',
      found.line,
      found.shown,
    ),
  ];
}

function spaceWarnings(job: Job): string[] {
  const found = findLookAlikeSpaces(jobText(job));
  if (!found) return [];
  const { count, code, line } = found;
  return [
    count === 1
      ? vscode.l10n.t(
          "Line {0} has a character ({1}) that looks like a space, but shells don't treat it as one",
          line,
          code,
        )
      : vscode.l10n.t(
          "{0} characters look like spaces, but shells don't treat them as spaces; the first one ({1}) is in line {2}",
          count,
          code,
          line,
        ),
  ];
}

/** `uptime …`, `3 lines`, `script run by bash`, `CRLF sent as LF`. */
function describeJob(session: PickSession): string[] {
  const { job, script, guard, outputCap, steps, parameters } = session;
  const values = parameters.map((value) => plainLabel(valueLabel(value)));
  const parts = [...describeText(session), ...values, jobKindLabel(session)];
  if (guard) parts.push(guardLabel(guard));
  if (outputCap !== undefined) parts.push(capLabel(outputCap));
  if (steps !== undefined) parts.push(stepsLabel(steps));
  if (script?.hadCrlf === true) {
    parts.push(
      vscode.l10n.t({
        message: 'CRLF sent as LF',
        args: [],
        comment: ['Part of the summary of a run: how the line breaks of a script are changed'],
      }),
    );
  }
  if (job.kind === 'script' && job.bytes !== undefined) {
    parts.push(
      vscode.l10n.t({
        message: 'not UTF-8, sent byte for byte',
        args: [],
        comment: ['Part of the summary of a run: a script is sent as it is in the file'],
      }),
    );
  }
  return parts;
}

function capLabel(bytes: number): string {
  return vscode.l10n.t({
    message: 'output up to {0} per node',
    args: [describeBytes(bytes)],
    comment: ['Part of the summary of a run. {0} is a size: "1.0 MB"'],
  });
}

function stepsLabel(steps: string): string {
  return vscode.l10n.t({
    message: 'in steps: {0}',
    args: [plainLabel(steps)],
    comment: ['Part of the summary of a run. {0} is what the script asks for: "1, 10%"'],
  });
}

export function guardLabel({ timeLimitSeconds }: Guard): string {
  if (timeLimitSeconds === undefined) {
    return vscode.l10n.t({
      message: 'guarded, no time limit',
      args: [],
      comment: ['Part of the summary of a run: a guard on each node keeps its results'],
    });
  }
  return vscode.l10n.t({
    message: 'guarded, ended after {0}',
    args: [describeDuration(timeLimitSeconds * 1000)],
    comment: ['Part of the summary of a run: a guard on each node ends the job after this time'],
  });
}

/** What runs and how long it is, without an added line. */
function describeText({ job, script, title }: PickSession): string[] {
  const lines = (script?.text ?? jobText(job)).trimEnd().split('\n').length;
  const name = markLookAlikeSpaces(plainLabel(title));
  if (script?.part === 'file') {
    return [
      lines === 1
        ? vscode.l10n.t('Whole file {0}, 1 line', name)
        : vscode.l10n.t('Whole file {0}, {1} lines', name, lines),
    ];
  }
  return [
    partLabel(script) ?? name,
    lines === 1 ? vscode.l10n.t('1 line') : vscode.l10n.t('{0} lines', lines),
  ];
}

/** `Block at runbook.md:12`; undefined for a selection or a line, which the title shows. */
function partLabel(script: Script | undefined): string | undefined {
  if (!script?.place) return undefined;
  const place = `${plainLabel(script.place.name)}:${script.place.line}`;
  switch (script.part) {
    case 'block':
      return vscode.l10n.t('Block at {0}', place);
    case 'cell':
      return vscode.l10n.t('Cell at {0}', place);
    case 'paragraph':
      return vscode.l10n.t('Paragraph at {0}', place);
    default:
      return undefined;
  }
}

function describeLoad(
  { settings: { quietMs } }: PickSession,
  nodeCount: number,
  events: number | undefined,
): string[] {
  return [
    waitLabel(quietMs),
    ...raftLabels(raftWrites(nodeCount, quietMs)),
    ...(events !== undefined && events > 1 ? [eventsLabel(events)] : []),
  ];
}

function waitLabel(quietMs: number): string {
  return vscode.l10n.t({
    message: 'wait {0}',
    args: [describeDuration(quietMs)],
    comment: ['Part of the summary of a run. {0} is a duration: "wait 2.0 s"'],
  });
}

/** Servers handle thousands of writes a second: fewer than this need no thought. */
const MANY_RAFT_WRITES = 500;

function raftLabels({ atLeast, heartbeats, periodMs, noResponse }: RaftWrites): string[] {
  if (atLeast + noResponse < MANY_RAFT_WRITES) return [];
  return [
    vscode.l10n.t(
      'about {0} Raft writes, {1} more every {2}, up to {3} more for nodes with no response',
      atLeast,
      heartbeats,
      describeDuration(periodMs),
      noResponse,
    ),
  ];
}

function eventsLabel(events: number): string {
  return vscode.l10n.t({
    message: 'in up to {0} events',
    args: [events],
    comment: ['Part of the summary of a run: how many Consul events announce it'],
  });
}

const MAX_EXCERPT_LINES = 3;
const MAX_EXCERPT_LENGTH = 80;

/** The beginning of the text; a button shows all of it. Empty if the title is the whole text. */
function jobExcerpt({ job, title }: PickSession): string[] {
  const lines = jobText(job).trimEnd().split('\n');
  if (lines.length === 1 && lines[0] === title) return [];
  const shown = lines.slice(0, MAX_EXCERPT_LINES).map((line) => {
    const text = displayCode(line).trim();
    return text.length > MAX_EXCERPT_LENGTH ? `${text.slice(0, MAX_EXCERPT_LENGTH)}…` : text;
  });
  return [[...shown, ...(lines.length > MAX_EXCERPT_LINES ? ['…'] : [])].join(' ⏎ ')];
}
