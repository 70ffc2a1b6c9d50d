/** How often a job is announced to a node that does not acknowledge it. */
export const MAX_ATTEMPTS = 3;
