import * as vscode from 'vscode';
import { foreignSessionNode } from '../../consul/catalog/datacenters.ts';
import { agentPolicy, userPolicy } from '../../exec/access/policy.ts';
import { readRunSettings } from '../base/settings.ts';
import type { ConnectionService } from '../connections/connectionService.ts';

/** A policy that a run needs, and whose token needs it. */
export interface RequiredPolicy {
  readonly owner: 'user' | 'agents';
  /** What the policy is for, one line each. */
  readonly comments: readonly string[];
  /** HCL, as input for `consul acl policy create -rules`. */
  readonly rules: string;
}

export interface RequiredPolicies {
  readonly connection: string;
  /** Of the user's token, then of the agents' tokens. */
  readonly policies: readonly RequiredPolicy[];
}

/** The minimum policies that a run on the active connection needs. */
export async function requiredPolicies(connections: ConnectionService): Promise<RequiredPolicies> {
  const { consul, name, profile, self } = await connections.open();
  const { prefix } = readRunSettings(profile);
  const agentNode = self?.nodeName ?? '';
  const sessionNode = (await foreignSessionNode(consul, self)) ?? agentNode;
  return {
    connection: name,
    policies: [
      {
        owner: 'user',
        comments: [
          vscode.l10n.t(
            'The minimum policy for your token: consul acl policy create -name consul-exec-user -rules @file',
          ),
          ...(agentNode === '' ? [unknownAgentMessage()] : []),
        ],
        rules: userPolicy({ prefix, sessionNode, agentNode }),
      },
      {
        owner: 'agents',
        comments: [
          vscode.l10n.t(
            'The minimum policy for the token of every agent that runs jobs: consul acl policy create -name consul-exec-agent -rules @file',
          ),
        ],
        rules: agentPolicy(prefix),
      },
    ],
  };
}

function unknownAgentMessage(): string {
  return vscode.l10n.t(
    'Your token can\'t read the agent\'s name. In the session and agent rules, replace "" with the node name and drop _prefix.',
  );
}
