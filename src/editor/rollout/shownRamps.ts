import type { Event } from 'vscode';

/** What the row of a run shows of the steps that start on their own. */
export interface ShownRamp {
  /** `step 2 of 5 · next in 20 s` */
  readonly label: string;
  /** `held`: waits for the user. */
  readonly state: 'going' | 'held' | 'ended';
}

/** The runs in steps that continue on their own. */
export interface ShownRamps {
  /** Fires with the id of a run whose row has changed. */
  readonly onDidChange: Event<string>;
  /** Whether a run is one of such steps. */
  has(run: string): boolean;
  /** @returns undefined for a run that isn't the latest of such steps */
  shown(run: string): ShownRamp | undefined;
}
