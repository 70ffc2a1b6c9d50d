import * as vscode from 'vscode';
import { displayName } from '../../runs/displayText.ts';
import { UserError } from '../userError.ts';
import { describeTime } from '../../runs/describeTime.ts';
import type { Side } from './side.ts';

/**
 * Opens the native diff editor on two texts.
 * @throws UserError when both are empty
 */
export async function openDiff(left: Side, right: Side): Promise<void> {
  if (left.bytes === 0 && right.bytes === 0) {
    throw new UserError(
      vscode.l10n.t(
        '{0} and {1} wrote nothing, so there is nothing to compare.',
        left.label,
        right.label,
      ),
    );
  }
  await vscode.commands.executeCommand('vscode.diff', left.uri, right.uri, titleOf(left, right), {
    preview: true,
  });
}

/** `web-01 ⟷ web-03 · uptime`; of two runs, `web-01 · uptime: 14:02 ⟷ 17:40` */
function titleOf(left: Side, right: Side): string {
  const title = displayName(right.run.info.title);
  if (left.run === right.run) return `${left.label} ⟷ ${right.label} · ${title}`;
  const [before, after] = [left, right].map(({ run }) => describeTime(run.info.createdAt, true));
  if (left.label !== right.label) {
    return `${left.label} (${before}) ⟷ ${right.label} (${after})`;
  }
  const what = left.label === title ? title : `${left.label} · ${title}`;
  return `${what}: ${before} ⟷ ${after}`;
}
