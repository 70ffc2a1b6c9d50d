import * as vscode from 'vscode';
import type { CallTool } from './toolCalls.ts';
import type { DescribedTool } from './toolManifest.ts';

/**
 * Registers the tools for chats in VS Code. None asks for a confirmation here: users can switch those off
 * for all tools, and other extensions can call tools. What confirms a run is the review.
 */
export function registerLanguageModelTools(
  tools: readonly DescribedTool[],
  call: CallTool,
): vscode.Disposable {
  return vscode.Disposable.from(
    ...tools.map(({ name, id }) =>
      vscode.lm.registerTool(id, {
        invoke: async ({ input }, token) => {
          const answer = await call(name, input, signalOf(token));
          return new vscode.LanguageModelToolResult([
            new vscode.LanguageModelTextPart(JSON.stringify(answer)),
          ]);
        },
      }),
    ),
  );
}

function signalOf(token: vscode.CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  else token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
