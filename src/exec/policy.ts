import type { Permission } from '../consul/errors.ts';
import { EVENT } from './runJob.ts';

/** What a policy depends on. */
export interface PolicySubject {
  /** The run's key prefix, without a slash at its end. */
  readonly prefix: string;
  /** The node sessions belong to: the agent spoken to, or a server of a foreign datacenter. */
  readonly sessionNode: string;
}

interface UserPolicySubject extends PolicySubject {
  /** The agent spoken to, which tells of itself whatever datacenter runs go to. */
  readonly agentNode: string;
}

/** What the user's token must be allowed for a run, most telling first. */
export function runPermissions({ prefix, sessionNode }: PolicySubject): Permission[] {
  return [
    { resource: 'key', access: 'write', segment: `${prefix}/` },
    { resource: 'event', access: 'write', segment: EVENT },
    { resource: 'session', access: 'write', segment: sessionNode },
  ];
}

/** What the preview of targets needs besides: without it the catalog looks empty. */
export function previewPermissions(): Permission[] {
  return [
    { resource: 'node', access: 'read', segment: '' },
    { resource: 'service', access: 'read', segment: '' },
  ];
}

/** The least a user's token needs, as a policy to hand to `consul acl policy create -rules`. */
export function userPolicy(subject: UserPolicySubject): string {
  return policy([
    ...runPermissions(subject),
    // Tells the agent's version and limits; a run works without.
    { resource: 'agent', access: 'read', segment: subject.agentNode },
    ...previewPermissions(),
  ]);
}

/**
 * The least the token of every agent that is to run jobs needs (`acl.tokens.agent`, else
 * `acl.tokens.default`): it reads the job and writes its results (PROTOCOL.md §5).
 */
export function agentPolicy(prefix: string): string {
  return policy([{ resource: 'key', access: 'write', segment: `${prefix}/` }]);
}

/**
 * The rule, in the language of policies, that grants a permission. A segment that is empty or ends
 * in a slash is a prefix.
 */
export function policyRule({ resource, access, segment }: Permission): string {
  const prefix = segment === '' || segment.endsWith('/') ? '_prefix' : '';
  return `${resource}${prefix} ${quote(segment)} {\n  policy = "${access}"\n}`;
}

function policy(permissions: readonly Permission[]): string {
  return `${permissions.map(policyRule).join('\n')}\n`;
}

/** Strings of HCL are JSON's, but a bare `${` would hide the closing quote from its scanner. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll('${', '\\u0024{');
}
