import { requireTrust } from '../base/requireTrust.ts';
import type { StartedRun } from '../runs/runFollower.ts';
import type { NamedJob } from '../source/namedJob.ts';
import type { LaunchServices } from './launchServices.ts';
import type { RerunTarget } from './rerunOn.ts';

/**
 * Starts a run of a job, after the user's review. Every command that starts a run ends here, so that none
 * bypasses the review.
 */
export async function launch(
  services: LaunchServices,
  named: NamedJob,
  rerun?: RerunTarget,
): Promise<void> {
  await launchAndFollow(services, named, rerun);
}

/** The same, for those who wait for the end of the run. @returns undefined if the user left the review */
export async function launchAndFollow(
  services: LaunchServices,
  named: NamedJob,
  rerun?: RerunTarget,
): Promise<StartedRun | undefined> {
  requireTrust();
  // Most of the code, which a window that runs nothing never needs.
  const late = import('./reviewAndStart.ts');
  const reviewed = await services.launches.during(async () =>
    (await late).reviewJob(services, named, rerun),
  );
  return reviewed && (await late).startReviewed(services, reviewed, rerun);
}
