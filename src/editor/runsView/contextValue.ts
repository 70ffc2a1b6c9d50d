import { type NodeStatus, STATUSES } from '../../runs/model/nodeStatus.ts';

/** Steps that start on their own, of which the run is the latest. */
type RampState = 'going' | 'held';
/** `elsewhere`: active in another window. */
type RunState = 'active' | 'elsewhere' | 'over';

/** The facts about a row that `when` clauses in package.json can use. */
export type RowFacts =
  /** A run in steps, with all of its steps. */
  | {
      readonly kind: 'rollout';
      readonly state: RunState;
      readonly pinned: boolean;
      readonly hasNextStep: boolean;
      readonly ramp?: RampState | undefined;
    }
  | {
      readonly kind: 'run';
      readonly state: 'active' | 'elsewhere';
      readonly ramp?: RampState | undefined;
      /** Whether the script came from a file. */
      readonly hasFile: boolean;
    }
  | {
      readonly kind: 'run';
      readonly state: 'over';
      readonly pinned: boolean;
      /** Statuses that at least one node has, in the order of `STATUSES`. */
      readonly statuses: readonly NodeStatus[];
      readonly hasNextStep: boolean;
      readonly ramp?: RampState | undefined;
      readonly hasFile: boolean;
    }
  /** `differs`: another output is the most common one. */
  | {
      readonly kind: 'group';
      readonly output: 'none' | 'comparable' | 'differs';
      /** Whether the job is at work on a node of it, or may be. */
      readonly atWork: boolean;
      /** Whether a node of it was lost. */
      readonly lost?: boolean;
      /** Whether a node of it gave no response, or perhaps none. */
      readonly unresponsive?: boolean;
    }
  | { readonly kind: 'node'; readonly status: NodeStatus; readonly hasOutput: boolean };

/**
 * The `viewItem` of a row: words in a fixed order, for example `run over pinned failed lost nextStep`,
 * `group output differs`, or `node failed output`.
 */
export function contextValue(row: RowFacts): string {
  return words(row)
    .filter((word) => word !== '')
    .join(' ');
}

function words(row: RowFacts): string[] {
  switch (row.kind) {
    case 'rollout': {
      const ramp = rampWord(row.ramp);
      if (row.state !== 'over') return ['rollout', row.state, ramp];
      const pin = row.pinned ? 'pinned' : 'unpinned';
      return ['rollout', 'over', pin, row.hasNextStep ? 'nextStep' : '', ramp];
    }
    case 'run': {
      const ramp = rampWord(row.ramp);
      const file = row.hasFile ? 'file' : '';
      if (row.state !== 'over') return ['run', row.state, ramp, file];
      const pin = row.pinned ? 'pinned' : 'unpinned';
      return ['run', 'over', pin, ...row.statuses, row.hasNextStep ? 'nextStep' : '', ramp, file];
    }
    case 'group':
      return [
        'group',
        row.output === 'none' ? '' : 'output',
        row.output === 'differs' ? 'differs' : '',
        row.atWork ? 'atWork' : '',
        row.lost ? 'lost' : '',
        row.unresponsive ? 'noResponse' : '',
      ];
    case 'node':
      return ['node', row.status, row.hasOutput ? 'output' : ''];
  }
}

function rampWord(ramp: RampState | undefined): string {
  if (ramp === undefined) return '';
  return ramp === 'going' ? 'stepsGoing' : 'stepsHeld';
}

/** Every row there can be, so that a test can check the `when` clauses in package.json. */
export function everyRow(): RowFacts[] {
  const subsets = STATUSES.reduce<NodeStatus[][]>(
    (smaller, status) => [...smaller, ...smaller.map((subset) => [...subset, status])],
    [[]],
  );
  const either = [true, false];
  const over = { kind: 'run', state: 'over', pinned: false, statuses: [], hasFile: false } as const;
  return [
    ...(['active', 'elsewhere', 'over'] as const).flatMap((state) =>
      ([undefined, 'going', 'held'] as const).flatMap((ramp) =>
        either.flatMap((pinned) =>
          either.map((hasNextStep) => {
            return { kind: 'rollout', state, pinned, hasNextStep, ramp } as const;
          }),
        ),
      ),
    ),
    ...either.flatMap((hasFile): RowFacts[] => [
      { kind: 'run', state: 'active', hasFile },
      { kind: 'run', state: 'elsewhere', hasFile },
      { ...over, hasNextStep: false, hasFile },
    ]),
    ...(['going', 'held'] as const).flatMap((ramp): RowFacts[] => [
      { kind: 'run', state: 'active', ramp, hasFile: false },
      { ...over, hasNextStep: false, ramp },
    ]),
    ...subsets.flatMap((statuses) =>
      either.flatMap((pinned) =>
        either.map((hasNextStep) => {
          return { ...over, pinned, statuses, hasNextStep } as const;
        }),
      ),
    ),
    ...(['none', 'comparable', 'differs'] as const).flatMap((output) =>
      either.flatMap((atWork) =>
        either.flatMap((unresponsive) =>
          (atWork ? either : [false]).map((lost) => {
            return { kind: 'group', output, atWork, lost, unresponsive } as const;
          }),
        ),
      ),
    ),
    ...STATUSES.flatMap((status) =>
      either.map((hasOutput) => ({ kind: 'node', status, hasOutput }) as const),
    ),
  ];
}
