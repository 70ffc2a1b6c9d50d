import * as vscode from 'vscode';
import { DurationError } from '../../consul/duration.ts';
import { quietTime } from '../settings.ts';
import { frameOf, type PickSession } from './pickSession.ts';
import { type Answer, askText, BACK } from '../input/quickInput.ts';

/** Asks how long this run is to wait for silent nodes. @returns milliseconds */
export async function askWait(session: PickSession): Promise<Answer<number>> {
  const answer = await askText(frameOf(session, 4, vscode.l10n.t('Run on Nodes: Wait')), {
    prompt: vscode.l10n.t(
      'How long it must be quiet before nodes that never answered are given up',
    ),
    placeholder: '2s',
    value: `${session.settings.quietMs / 1000}s`,
    empty: vscode.l10n.t('Type a time first, such as 2s.'),
    judge: (text) => {
      try {
        quietTime(text);
        return undefined;
      } catch (error) {
        if (!(error instanceof DurationError)) throw error;
        return { message: error.message, severity: vscode.InputBoxValidationSeverity.Error };
      }
    },
  });
  return answer === undefined || answer === BACK ? answer : quietTime(answer);
}
