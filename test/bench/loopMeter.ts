import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The worst of each kind since it was last asked, in milliseconds. */
export interface Block {
  /** How much later than due a timer came, by the clock. */
  readonly wall: number;
  /** What the thread itself computed of that: on a busy machine it waits for its turn as well. */
  readonly cpu: number;
}

/** A tiny extension that shares its host with ours and writes down how long the event loop was held up. */
export interface LoopMeter {
  /** To load as the development extension. */
  readonly folder: string;
  /** The longest block since the last call, in milliseconds. */
  longestBlock(): Promise<Block>;
}

const MANIFEST = {
  name: 'loop-meter',
  publisher: 'bench',
  version: '0.0.1',
  engines: { vscode: '^1.100.0' },
  main: './main.js',
  activationEvents: ['*'],
};

/** What a timer that is due so often can be late by is measured; what lies between two is not. */
const TICK_MS = 5;

/** The thread cannot have computed longer for one delay than the delay lasted. */
function source(file: string): string {
  return `const { writeFileSync, existsSync, rmSync } = require('node:fs');
exports.activate = () => {
  const file = ${JSON.stringify(file)};
  const cpu = () => { const { user, system } = process.threadCpuUsage(); return (user + system) / 1000; };
  let longest = { wall: 0, cpu: 0 }, last = performance.now(), lastCpu = cpu(), written = 0;
  setInterval(() => {
    const now = performance.now(), used = cpu();
    const late = now - last - ${TICK_MS};
    longest.wall = Math.max(longest.wall, late);
    longest.cpu = Math.max(longest.cpu, Math.min(late, used - lastCpu));
    last = now; lastCpu = used;
    if (existsSync(file + '.reset')) { rmSync(file + '.reset'); longest = { wall: 0, cpu: 0 }; }
    if (now - written > 250) { writeFileSync(file, JSON.stringify(longest)); written = now; }
  }, ${TICK_MS});
};`;
}

export async function loopMeter(parent: string): Promise<LoopMeter> {
  const folder = join(parent, 'loop-meter');
  const file = join(parent, 'longest-block');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify(MANIFEST));
  await writeFile(join(folder, 'main.js'), source(file));
  return {
    folder,
    async longestBlock() {
      // It is written four times a second, once the host has started.
      for (let round = 0; !existsSync(file) && round < 100; round++) await sleep(300);
      await sleep(600);
      const longest = JSON.parse(await readFile(file, 'utf8')) as Block;
      await writeFile(`${file}.reset`, '');
      await sleep(600);
      return longest;
    },
  };
}
