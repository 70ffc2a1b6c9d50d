import type { Job } from '../../exec/job.ts';

/** A job and what to call its run. */
export interface NamedJob {
  readonly job: Job;
  readonly title: string;
}
