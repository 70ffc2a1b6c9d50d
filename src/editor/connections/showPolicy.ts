import * as vscode from 'vscode';
import { findSessionNode } from '../../consul/datacenters.ts';
import { agentPolicy, userPolicy } from '../../exec/policy.ts';
import { readRunSettings } from '../settings.ts';
import type { ConnectionService } from './connectionService.ts';

/** Opens the least policies a run needs, for the user's token and for the agents', as a document. */
export async function showPolicy(connections: ConnectionService): Promise<void> {
  const { consul, self } = await connections.open();
  const { prefix } = readRunSettings(connections.active.profile);
  const sessionNode = (await findSessionNode(consul, self?.datacenter)) ?? self?.nodeName ?? '';
  const content = [
    comment(
      vscode.l10n.t(
        'The least policy for your token: consul acl policy create -name consul-exec-user -rules @file',
      ),
    ),
    ...(sessionNode === '' ? [comment(nameTheNode())] : []),
    userPolicy({ prefix, sessionNode }),
    comment(
      vscode.l10n.t(
        'The least policy for the token of every agent that is to run jobs. A policy of its own:',
      ),
    ),
    agentPolicy(prefix),
  ].join('\n');
  const language = (await vscode.languages.getLanguages()).includes('hcl') ? 'hcl' : 'plaintext';
  const document = await vscode.workspace.openTextDocument({ content, language });
  await vscode.window.showTextDocument(document);
}

function nameTheNode(): string {
  return vscode.l10n.t(
    'Your token may not read the agent’s own name: write it for "" at session and agent, without _prefix.',
  );
}

function comment(text: string): string {
  return `# ${text}`;
}
