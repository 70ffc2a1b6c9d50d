import { END_PROCESSES } from './shell/endProcesses.ts';
import { FIND_JOB } from './shell/findJob.ts';
import { JOB_PROCESSES } from './shell/jobProcesses.ts';
import { PROCESS_TABLE } from './shell/processTable.ts';

/**
 * A script for any POSIX shell that ends a job of another run on the node, and reports in one line what
 * came of it. `endJob` has its arguments.
 */
export const END_SCRIPT = [PROCESS_TABLE, JOB_PROCESSES, FIND_JOB, END_PROCESSES].join('\n');

/** The name under which the script runs, so that it is never taken for the job of a run. */
export const END_NAME = 'consul-exec-end';
