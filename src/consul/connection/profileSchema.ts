import * as v from 'valibot';

/** Where a connection's token comes from. The token itself is never in a profile. */
export const TOKEN_SOURCES = ['none', 'environment', 'secret', 'file', 'prompt'] as const;

/** VS Code's chart colors, which every theme defines. */
export const PROFILE_COLORS = ['red', 'orange', 'yellow', 'green', 'blue', 'purple'] as const;

const Text = v.pipe(v.string(), v.trim(), v.nonEmpty());
const Switch = v.boolean();

const Tls = v.strictObject({
  caFile: v.optional(Text),
  caPath: v.optional(Text),
  clientCert: v.optional(Text),
  clientKey: v.optional(Text),
  serverName: v.optional(Text),
  verify: v.optional(Switch, true),
});

export const Profile = v.strictObject({
  name: Text,
  address: Text,
  datacenter: v.optional(Text),
  tls: v.optional(Tls, {}),
  basicAuthUser: v.optional(Text),
  tokenSource: v.optional(v.picklist(TOKEN_SOURCES)),
  tokenFile: v.optional(Text),
  proxy: v.optional(Text),
  stale: v.optional(Switch, false),
  // The next five override the settings of the same names for runs through this connection.
  prefix: v.optional(Text),
  wait: v.optional(Text),
  replicationWait: v.optional(Text),
  guard: v.optional(Switch),
  timeLimit: v.optional(Text),
  /** How nodes write their output, as a label of `TextDecoder`. */
  outputEncoding: v.optional(Text),
  production: v.optional(Switch, false),
  /** On production: whether the later steps of a run in steps can start without a confirmation each. */
  rampWithoutAsking: v.optional(Switch, false),
  /** Whether only one run in steps on its own can be at work for each service, of all users. */
  lockSteps: v.optional(Switch, false),
  /** On production: whether assistants can propose runs. */
  assistantsCanPropose: v.optional(Switch, false),
  color: v.optional(v.picklist(PROFILE_COLORS)),
});

/**
 * A connection as the user writes it in settings: how to reach one agent. It contains no secrets: tokens
 * and passwords come from elsewhere.
 */
export type ConnectionProfile = v.InferOutput<typeof Profile>;
