/** What was looked at. */
type Check =
  'ownAgent' | 'gossip' | 'filters' | 'permissions' | 'remoteExec' | 'agentToken' | 'history';

/** One thing that was checked, when asking why nodes never answered. Texts are whole sentences. */
export interface Finding {
  readonly check: Check;
  /** `unknown`: nothing outside the node can tell, or we were not told. */
  readonly verdict: 'ok' | 'problem' | 'unknown';
  readonly what: string;
  /** What it was seen by. */
  readonly evidence: string;
  readonly advice?: string | undefined;
}

/** What earlier runs tell of a node. */
export interface NodeHistory {
  /** In how many runs it was a target. */
  readonly asked: number;
  /** In how many of these it acknowledged. */
  readonly answered: number;
}
