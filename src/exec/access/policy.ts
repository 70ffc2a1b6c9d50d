import type { Permission } from '../../consul/errors/consulErrors.ts';
import { EXEC_EVENT } from '../protocol/execEvent.ts';

/** The values that a policy depends on. */
export interface PolicySubject {
  /** The run's key prefix, without a trailing slash. */
  readonly prefix: string;
  /** The node that sessions belong to: the connected agent, or a server in another datacenter. */
  readonly sessionNode: string;
}

interface UserPolicySubject extends PolicySubject {
  /** The connected agent. It describes itself, also for runs in another datacenter. */
  readonly agentNode: string;
}

/** The permissions that a run needs, in the order in which they best explain a refusal. */
export function runPermissions({ prefix, sessionNode }: PolicySubject): Permission[] {
  return [
    { resource: 'key', access: 'write', segment: `${prefix}/` },
    { resource: 'event', access: 'write', segment: EXEC_EVENT },
    { resource: 'session', access: 'write', segment: sessionNode },
  ];
}

/** The permissions that the preview of targets needs. Without them the catalog looks empty. */
export function previewPermissions(): Permission[] {
  return [
    { resource: 'node', access: 'read', segment: '' },
    { resource: 'service', access: 'read', segment: '' },
  ];
}

/** The minimal policy for a user's token, as input for `consul acl policy create -rules`. */
export function userPolicy(subject: UserPolicySubject): string {
  return policy([
    ...runPermissions(subject),
    // Shows the agent's version and limits. A run works without it.
    { resource: 'agent', access: 'read', segment: subject.agentNode },
    ...previewPermissions(),
  ]);
}

/**
 * The minimal policy for the token of an agent that runs jobs (`acl.tokens.agent`, else
 * `acl.tokens.default`). The agent reads the job and writes its results (PROTOCOL.md §5).
 */
export function agentPolicy(prefix: string): string {
  return policy([{ resource: 'key', access: 'write', segment: `${prefix}/` }]);
}

/**
 * The policy rule (HCL) that grants a permission. A segment that is empty or ends in a slash is a
 * prefix.
 */
export function policyRule({ resource, access, segment }: Permission): string {
  const prefix = segment === '' || segment.endsWith('/') ? '_prefix' : '';
  return `${resource}${prefix} ${quote(segment)} {\n  policy = "${access}"\n}`;
}

function policy(permissions: readonly Permission[]): string {
  return `${permissions.map(policyRule).join('\n')}\n`;
}

/** HCL strings are JSON strings, except that `${` hides the closing quote from HCL's scanner. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll('${', '\\u0024{');
}
