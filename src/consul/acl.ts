import * as v from 'valibot';
import type { Consul } from './consul.ts';
import { type Permission, ServerError, UnknownTokenError } from './errors.ts';

/** A permission to ask about; with `prefix`, for everything whose name begins with its segment. */
export interface Question extends Permission {
  readonly prefix?: boolean;
}

export type Authorization =
  /** In the order of the questions. */
  | { readonly kind: 'answered'; readonly allowed: readonly boolean[] }
  /** ACLs are off: everything is allowed. */
  | { readonly kind: 'off' }
  /** The cluster does not know the token. */
  | { readonly kind: 'unknownToken' }
  /** This agent does not tell: too old, or the endpoint is blocked. */
  | { readonly kind: 'unknown' };

/** The endpoint takes so many at once (reference §5). */
const MOST_QUESTIONS = 64;

const Verdicts = v.array(v.object({ Allow: v.boolean() }));

/**
 * Asks the servers what the connection's token may do, without doing it. This is the endpoint of
 * Consul's own UI: undocumented, but unchanged from 1.8 to 1.23. It tells nothing of the agents'
 * own tokens.
 * @throws ConsulError when the agent is out of reach
 */
export async function authorize(
  consul: Consul,
  questions: readonly Question[],
  signal?: AbortSignal,
): Promise<Authorization> {
  const allowed: boolean[] = [];
  for (let from = 0; from < questions.length; from += MOST_QUESTIONS) {
    const some = questions.slice(from, from + MOST_QUESTIONS);
    const answer = await ask(consul, some, signal);
    if (answer.kind !== 'answered') return answer;
    allowed.push(...answer.allowed);
  }
  return { kind: 'answered', allowed };
}

async function ask(
  consul: Consul,
  questions: readonly Question[],
  signal: AbortSignal | undefined,
): Promise<Authorization> {
  try {
    const response = await consul.call({
      method: 'POST',
      path: '/v1/internal/acl/authorize',
      body: JSON.stringify(questions.map(toWire)),
      accept: [401, 403, 404, 405],
      signal,
    });
    if (response.body.includes('ACL support disabled')) return { kind: 'off' };
    if (response.body.includes('ACL not found')) return { kind: 'unknownToken' };
    if (response.status !== 200) return { kind: 'unknown' };
    const verdicts = v.safeParse(Verdicts, consul.parse(response));
    if (!verdicts.success || verdicts.output.length !== questions.length) {
      return { kind: 'unknown' };
    }
    return { kind: 'answered', allowed: verdicts.output.map(({ Allow }) => Allow) };
  } catch (error) {
    if (error instanceof UnknownTokenError) return { kind: 'unknownToken' };
    // A version that does not know a resource refuses the whole question.
    if (error instanceof ServerError && !error.transient) return { kind: 'unknown' };
    throw error;
  }
}

function toWire({ resource, access, segment, prefix }: Question): object {
  const wholeTree = prefix && access === 'write' && resource === 'key';
  return { Resource: resource, Access: wholeTree ? 'write-prefix' : access, Segment: segment };
}
