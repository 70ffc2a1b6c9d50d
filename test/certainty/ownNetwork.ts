import { spawnSync } from 'node:child_process';
import { PlainError } from '../setup/plainError.ts';

/** Set in the process that has a network of its own. */
const OWN_NETWORK = 'CONSUL_EXEC_OWN_NETWORK';

/** The local table comes first by default, so that no rule can keep packets from it. */
const PREPARE = [
  'ip link set lo up',
  'ip rule add prio 10 lookup local',
  'ip rule del prio 0 lookup local',
].join(' && ');

/**
 * Runs this program again in a network namespace of its own, where agents can be cut off from each
 * other. Needs root, `unshare` and `ip`.
 * @returns the exit code of that process; undefined in that process itself
 * @throws PlainError where that isn't possible
 */
export function inOwnNetwork(): number | undefined {
  if (process.env[OWN_NETWORK]) return undefined;
  const program = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const script = `${PREPARE} && exec "$@"`;
  const { status, error } = spawnSync('unshare', ['--net', 'sh', '-c', script, 'sh', ...program], {
    stdio: 'inherit',
    env: { ...process.env, [OWN_NETWORK]: '1' },
  });
  if (error) throw new PlainError(`Couldn't run unshare: ${error.message}. Install util-linux.`);
  return status ?? 1;
}

/** Cuts an address off from all others: its packets get lost, in both directions. */
export function cutOff(ip: string): void {
  for (const side of ['from', 'to']) changeRule('add', side, ip);
}

/** Undoes `cutOff`. */
export function reconnect(ip: string): void {
  for (const side of ['from', 'to']) changeRule('del', side, ip);
}

function changeRule(verb: 'add' | 'del', side: string, ip: string): void {
  const args = ['rule', verb, 'prio', '1', side, ip, 'blackhole'];
  const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new PlainError(`ip ${args.join(' ')}: ${stderr}`);
}
