import * as vscode from 'vscode';
import { plainLabel } from '../base/plainLabel.ts';
import { UserError } from '../base/userError.ts';
import type { ListedRun } from './listedRun.ts';
import type { RunList } from './runList.ts';

/** The only active run, or the one that the user selects. @throws UserError if no run is active */
export async function pickActiveRun(
  { active }: RunList,
  title: string,
): Promise<ListedRun | undefined> {
  const [only, another] = active;
  if (!only) throw new UserError(vscode.l10n.t('No run is active.'));
  if (!another) return only;
  const items = active.map((listed) => ({ label: plainLabel(listed.info.title), listed }));
  return (await vscode.window.showQuickPick(items, { title }))?.listed;
}
