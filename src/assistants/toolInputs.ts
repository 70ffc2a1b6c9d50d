import * as v from 'valibot';
import { STATUSES } from '../runs/model/nodeStatus.ts';
import { ToolInputError } from './inputError.ts';

const MAX_TEXT = 4000;
/** More than a KV value has. */
const MAX_SCRIPT = 512 * 1024;

const Text = v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_TEXT));
const Cursor = v.optional(Text);

/** Which nodes, by the keys of a directive in a script. */
const targets = {
  service: v.optional(Text),
  tag: v.optional(Text),
  nodes: v.optional(Text),
  where: v.optional(Text),
  set: v.optional(Text),
  datacenter: v.optional(Text),
};

/** What each tool accepts. package.json has the same as JSON Schema, which a test compares. */
export const toolInputs = {
  list_targets: v.strictObject({ ...targets, cursor: Cursor }),
  list_runs: v.strictObject({ cursor: Cursor }),
  read_run: v.strictObject({
    run: Text,
    section: v.optional(v.picklist(['summary', 'nodes', 'output', 'script'])),
    node: v.optional(Text),
    status: v.optional(v.picklist(STATUSES)),
    group: v.optional(Text),
    cursor: Cursor,
  }),
  search_run: v.strictObject({
    run: Text,
    text: Text,
    regex: v.optional(v.boolean()),
    matchCase: v.optional(v.boolean()),
    cursor: Cursor,
  }),
  why_no_response: v.strictObject({ run: Text, node: v.optional(Text), cursor: Cursor }),
  propose_run: v.strictObject({
    ...targets,
    script: v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_SCRIPT)),
    language: v.optional(v.picklist(['sh', 'bash', 'python', 'perl', 'ruby'])),
    reason: v.pipe(Text, v.maxLength(1000)),
    limit: v.optional(Text),
    cap: v.optional(Text),
    steps: v.optional(Text),
  }),
};

export type ToolName = keyof typeof toolInputs;
export type ToolInput<Name extends ToolName> = v.InferOutput<(typeof toolInputs)[Name]>;

/** Which nodes a tool is asked about. */
export type TargetsInput = Omit<ToolInput<'list_targets'>, 'cursor'>;

export const TOOL_NAMES = Object.keys(toolInputs) as readonly ToolName[];

/** @throws ToolInputError that names what is wrong */
export function readToolInput<Name extends ToolName>(name: Name, input: unknown): ToolInput<Name> {
  // An array is an object too, for this library.
  const result = v.safeParse(toolInputs[name], Array.isArray(input) ? undefined : (input ?? {}));
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  throw new ToolInputError(
    path === null ? `${issue.message}.` : `The input "${path}" is wrong: ${issue.message}.`,
  );
}
