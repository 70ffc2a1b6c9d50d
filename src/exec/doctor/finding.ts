type Check =
  | 'ownAgent'
  | 'gossip'
  | 'filters'
  | 'permissions'
  | 'remoteExec'
  | 'agentToken'
  | 'limits'
  | 'upload'
  | 'history';

/** The result of one check of why nodes didn't respond, or lost contact. Texts are complete sentences. */
export interface Finding {
  readonly check: Check;
  /** `unknown`: only the node could say, or Consul did not report it to us. */
  readonly verdict: 'ok' | 'problem' | 'unknown';
  readonly summary: string;
  /** What the verdict is based on. */
  readonly evidence: string;
  readonly advice?: string | undefined;
}

/** What was found out about nodes of a run in one datacenter. */
export interface ExaminedNodes {
  readonly datacenter: string;
  readonly nodes: readonly string[];
  readonly findings: readonly Finding[];
}

/** How a node took part in earlier runs. */
export interface NodeHistory {
  /** Number of runs that targeted the node. */
  readonly targeted: number;
  /** Number of these runs in which it responded. */
  readonly responded: number;
}
