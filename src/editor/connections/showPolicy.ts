import * as vscode from 'vscode';
import { findSessionNode } from '../../consul/datacenters.ts';
import { agentPolicy, userPolicy } from '../../exec/policy.ts';
import { readRunSettings } from '../settings.ts';
import type { ConnectionService } from './connectionService.ts';

/** Opens the least policies a run needs, for the user's token and for the agents', as a document. */
export async function showPolicy(connections: ConnectionService): Promise<void> {
  const { consul, profile, self } = await connections.open();
  const { prefix } = readRunSettings(profile);
  const agentNode = self?.nodeName ?? '';
  const sessionNode = (await findSessionNode(consul, self?.datacenter)) ?? agentNode;
  const content = [
    comment(
      vscode.l10n.t(
        'The least policy for your token: consul acl policy create -name consul-exec-user -rules @file',
      ),
    ),
    ...(agentNode === '' ? [comment(nameTheNode())] : []),
    userPolicy({ prefix, sessionNode, agentNode }),
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
    'Your token may not read the agent’s own name: write it wherever "" stands at session and agent, without _prefix.',
  );
}

function comment(text: string): string {
  return `# ${text}`;
}
