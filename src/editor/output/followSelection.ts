import * as vscode from 'vscode';
import { logError } from '../base/reportError.ts';
import type { RunElement, ViewSelection } from '../runsView/runElements.ts';
import type { RunLoader } from '../runs/runLoader.ts';
import type { NodeChannels } from './nodeChannels.ts';
import type { RunChannels } from './runChannels.ts';

interface FollowServices {
  readonly selection: ViewSelection;
  readonly loader: RunLoader;
  readonly runChannels: RunChannels;
  readonly nodeChannels: NodeChannels;
  readonly log: vscode.LogOutputChannel;
}

/**
 * When a run is selected in the Runs view, replaces the output of another run in the Output view, which
 * would mislead: runs of the same script look alike. The Output view is never opened for that, and a
 * channel of something else stays.
 */
export function followSelection(services: FollowServices): vscode.Disposable {
  return services.selection.onDidChange((rows) => {
    const [row, other] = rows;
    if (!row || other) return;
    void show(row, services).catch((error: unknown) => logError(error, services.log));
  });
}

async function show(
  { listed }: RunElement,
  { loader, runChannels, nodeChannels }: FollowServices,
): Promise<void> {
  const shown = shownChannel();
  if (shown === undefined) return;
  const id = runChannels.runOf(shown) ?? nodeChannels.runOf(shown);
  if (id === undefined || id === listed.id) return;
  await runChannels.show(await loader.load(listed));
}

/** The name of the channel in the Output view; undefined if that is hidden, or shows a log. */
function shownChannel(): string | undefined {
  const editor = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.scheme === 'output',
  );
  // `extension-output-<extension>-#<number>-<name>`
  return /#\d+-(.*)$/s.exec(editor?.document.uri.path ?? '')?.[1];
}
