import * as vscode from 'vscode';
import type { ConnectionService } from './connectionService.ts';

const PROBE_INTERVAL_MS = 5000;

/**
 * As long as the view shows that the agent can't be reached, and the window has the focus, asks the agent
 * again every few seconds. Without such a viewer there are no requests: runs and reviews send their own.
 */
export function probeWhileVisible(
  connections: ConnectionService,
  view: vscode.TreeView<unknown>,
): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  let isProbing = false;
  const probe = async () => {
    if (isProbing) return;
    isProbing = true;
    await connections.probe();
    isProbing = false;
  };
  const update = () => {
    const isNeeded =
      view.visible && vscode.window.state.focused && connections.failure?.cause === 'unreachable';
    if (isNeeded) {
      timer ??= setInterval(() => void probe(), PROBE_INTERVAL_MS);
    } else {
      clearInterval(timer);
      timer = undefined;
    }
  };
  update();
  return vscode.Disposable.from(
    { dispose: () => clearInterval(timer) },
    view.onDidChangeVisibility(update),
    vscode.window.onDidChangeWindowState(update),
    connections.onDidChange(update),
  );
}
