import * as vscode from 'vscode';
import { jobText } from '../../../exec/protocol/job.ts';
import { type Interpreter, programOf } from '../../../exec/script/interpreter.ts';
import { interpreterOfText } from '../../../exec/script/script.ts';
import { plainLabel } from '../../base/plainLabel.ts';
import type { PickSession } from '../session/pickSession.ts';

/** What runs a job on the nodes: `script run by bash from the file's first line`. */
export function jobKindLabel({ job, script, usesAddedLine }: PickSession): string {
  switch (job.kind) {
    case 'script':
      return scriptLabel(
        script && usesAddedLine ? script.interpreter : interpreterOfText(jobText(job)),
      );
    case 'command':
      return vscode.l10n.t({
        message: 'shell command',
        args: [],
        comment: ['Kind of job in the summary of a run: nodes run a command in their shell'],
      });
    case 'arguments':
      return vscode.l10n.t({
        message: 'without a shell',
        args: [],
        comment: ['Kind of job in the summary of a run: nodes run a program directly'],
      });
  }
}

function scriptLabel(interpreter: Interpreter): string {
  switch (interpreter.kind) {
    case 'own':
      return vscode.l10n.t({
        message: 'script run by {0}',
        args: [programLabel(interpreter.line)],
        comment: ['Kind of job in the summary of a run. {0} is a program: "bash"'],
      });
    case 'file':
      return vscode.l10n.t({
        message: "script run by {0} from the file's first line",
        args: [programLabel(interpreter.line)],
        comment: [
          'Kind of job in the summary of a run. {0} is a program that the first line of the file names: "bash"',
        ],
      });
    case 'language':
      return vscode.l10n.t({
        message: 'script run by {0} for {1}',
        args: [programLabel(interpreter.line), interpreter.language],
        comment: [
          'Kind of job in the summary of a run. {0} is a program, {1} a language: "python3 for Python"',
        ],
      });
    case 'shell':
    case 'unsupported':
      return vscode.l10n.t({
        message: "script run by the agents' shell",
        args: [],
        comment: ['Kind of job in the summary of a run'],
      });
  }
}

function programLabel(line: string): string {
  return plainLabel(programOf(line));
}
