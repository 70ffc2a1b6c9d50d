import * as vscode from 'vscode';
import { DurationError } from '../../../consul/duration.ts';
import { quietTime } from '../../base/settings.ts';
import { frameOf, type PickSession } from '../session/pickSession.ts';
import { type Answer, askText, BACK, type InputMessage } from '../../base/quickInput.ts';

/** Asks how long this run waits for nodes that don't respond. @returns milliseconds */
export async function askWait(session: PickSession): Promise<Answer<number>> {
  const answer = await askText(frameOf(session, 4, vscode.l10n.t('Run on Nodes: Wait')), {
    prompt: vscode.l10n.t(
      "How long to wait without any activity before giving up on nodes that haven't responded",
    ),
    placeholder: '2s',
    value: `${session.settings.quietMs / 1000}s`,
    emptyMessage: vscode.l10n.t('Enter a duration. Example: 2s.'),
    validate: durationMessage,
  });
  return answer === undefined || answer === BACK ? answer : quietTime(answer);
}

function durationMessage(text: string): InputMessage | undefined {
  try {
    quietTime(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof DurationError)) throw error;
    return { message: error.message, severity: vscode.InputBoxValidationSeverity.Error };
  }
}
