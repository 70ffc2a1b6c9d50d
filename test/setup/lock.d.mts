/**
 * Takes the lock `name` of this machine. Waits while another process has it.
 * @param onWait called once with the owner's process id, if there is an owner to wait for
 * @returns a function that releases the lock at once
 */
export function takeLock(name: string, onWait?: (owner: number) => void): Promise<() => void>;
