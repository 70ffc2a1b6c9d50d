import { end } from './end.ts';
import { flaps } from './flaps.ts';
import { gossip } from './gossip.ts';
import { inOwnNetwork } from './ownNetwork.ts';
import { race } from './race.ts';
import { restarts } from './restarts.ts';
import { schedules } from './schedules.ts';

/**
 * Long experiments on real agents that prove the promise "at most once": see PROTOCOL.md §8.
 * Usage: `npm run certainty -- race 1000`.
 */
const experiments: Readonly<Record<string, (count: number) => Promise<Record<string, number>>>> = {
  gossip,
  race,
  flaps,
  schedules,
  restarts,
  end,
};

const [name = '', count = '100'] = process.argv.slice(2);
const experiment = experiments[name];
// Schedules cut agents off from each other.
const code = name === 'schedules' ? inOwnNetwork() : undefined;
if (code !== undefined) {
  process.exitCode = code;
} else if (experiment) {
  process.stdout.write(`${name}: ${JSON.stringify(await experiment(Number(count)))}\n`);
} else {
  const known = Object.keys(experiments).join(', ');
  process.stderr.write(`Unknown experiment "${name}". Known: ${known}.\n`);
  process.exitCode = 1;
}
