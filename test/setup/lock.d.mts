/**
 * Takes the lock `name` of this machine, waiting as long as another process has it.
 * @param onWait told once, when there is an owner to wait for, its process id
 * @returns releases the lock, at once
 */
export function takeLock(name: string, onWait?: (owner: number) => void): Promise<() => void>;
