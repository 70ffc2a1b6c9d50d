import type { Guard } from '../../exec/guard/guardJob.ts';
import type { Directive } from '../../exec/directive/directive.ts';
import type { Job } from '../../exec/protocol/job.ts';
import type { ParameterValue } from '../../exec/script/parameters/parameter.ts';
import type { FilePlace } from '../../runs/run.ts';
import type { Script } from '../../exec/script/script.ts';
import type { Proposal } from '../pick/session/proposal.ts';

/** A job and the title of its run. */
export interface NamedJob {
  readonly job: Job;
  readonly title: string;
  /** What the job was made from, if it is a script that was just chosen. */
  readonly script?: Script;
  /** The values of its parameters; without `script`, the job has them already. */
  readonly parameters?: readonly ParameterValue[] | undefined;
  /** The path of the file that the script is; see `RunInfo`. */
  readonly file?: string | undefined;
  /** Where the script is in a file, if it is a part of it; see `RunInfo`. */
  readonly place?: FilePlace | undefined;
  /** The most output of each node that an earlier run of the job allowed, in bytes. */
  readonly outputCap?: number | undefined;
  /** What the script says about its run. */
  readonly directive?: Directive | undefined;
  /** How an earlier run of the job was guarded; absent to use the settings. */
  readonly guard?: Guard | undefined;
  /** Set if an assistant proposes to run it. */
  readonly proposal?: Proposal | undefined;
}
