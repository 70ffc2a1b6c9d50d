import type { Job } from '../../../exec/protocol/job.ts';
import type { OpenConnection } from '../../connections/connectionService.ts';

/** What the review of a proposed run begins with. */
export interface ProposedRun {
  readonly connection: OpenConnection;
  readonly job: Job;
  /** Labels of the nodes. */
  readonly targets: readonly string[];
}

/** A run that an assistant proposes. Only the user can start it, in the review as a view. */
export interface Proposal {
  /** Why, in the words of the assistant: any text. */
  readonly reason: string;
  /**
   * Called before its review opens.
   * @throws UserError if that can't be proposed
   */
  readonly onReview: (proposed: ProposedRun) => void;
}
