import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The longest of each kind since the last call, in milliseconds. */
export interface Block {
  /** How late a timer fired, by the clock. */
  readonly wall: number;
  /** How much of that the thread itself computed: on a busy machine it also waits for a processor. */
  readonly cpu: number;
}

/** A tiny extension that shares the extension host with ours and records how long the event loop was blocked. */
export interface LoopMeter {
  /** Load this folder as the development extension. */
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

/** Period of the timer. Shorter blocks between two ticks aren't measured. */
const TIMER_PERIOD_MS = 5;

/** Limits the computed time of each delay to the delay itself. */
function source(file: string): string {
  return `const { writeFileSync, existsSync, rmSync } = require('node:fs');
exports.activate = () => {
  const file = ${JSON.stringify(file)};
  const cpu = () => { const { user, system } = process.threadCpuUsage(); return (user + system) / 1000; };
  let longest = { wall: 0, cpu: 0 }, last = performance.now(), lastCpu = cpu(), written = 0;
  setInterval(() => {
    const now = performance.now(), used = cpu();
    const late = now - last - ${TIMER_PERIOD_MS};
    longest.wall = Math.max(longest.wall, late);
    longest.cpu = Math.max(longest.cpu, Math.min(late, used - lastCpu));
    last = now; lastCpu = used;
    if (existsSync(file + '.reset')) { rmSync(file + '.reset'); longest = { wall: 0, cpu: 0 }; }
    if (now - written > 250) { writeFileSync(file, JSON.stringify(longest)); written = now; }
  }, ${TIMER_PERIOD_MS});
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
      // The extension writes the file four times a second, once the host has started.
      for (let round = 0; !existsSync(file) && round < 100; round++) await sleep(300);
      await sleep(600);
      const longest = JSON.parse(await readFile(file, 'utf8')) as Block;
      await writeFile(`${file}.reset`, '');
      await sleep(600);
      return longest;
    },
  };
}
