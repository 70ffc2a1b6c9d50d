import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../setup/command.ts';
import { eventually } from './support/eventually.ts';
import { runOnDb } from './support/runOnDb.ts';
import { editorSession, type Session } from './support/session.ts';

const scenario = editorSession({
  name: 'disk',
  files: {
    'one.sh': 'echo one\n',
    'two.sh': 'echo two\n',
    'much.sh': 'echo begun\nsleep 6\nseq 1 20000\nsleep 10\necho over\n',
  },
});

const WARNING = "Can't save runs:";

function storage({ vscode }: Session): string {
  const folder = join(vscode.serverDataDir, 'data', 'User', 'globalStorage');
  return join(folder, 'consul-exec.consul-exec');
}

scenario('a disk that is full during a run is reported, and loses no output', async (s) => {
  const { workbench, runs } = s;
  await runOnDb(s, 'much.sh');
  await runs.until('much.sh', ({ nodes }) => assert.match([...nodes.values()].join(), /^running/));
  // A limit for the host's files simulates a full disk: the same calls fail.
  const host = await extensionHost(s);
  await limitFiles(host, '60000');
  await workbench.notification(WARNING);
  await runs.until('much.sh', ({ words }) => assert.match(words, /not saved/));
  await s.screenshot('full');
  await limitFiles(host, 'unlimited');
  await runs.until('much.sh', ({ words }) => assert.doesNotMatch(words, /not saved/));
  assert.match((await runs.ended('much.sh')).words, /^1 ok · \d/);
  const [id = ''] = await readdir(join(storage(s), 'runs'));
  const journal = await readFile(join(storage(s), 'runs', id, 'journal'), 'latin1');
  assert.ok(journal.includes('begun\n') && journal.includes('\n20000\n'));
});

scenario(
  'when nothing can be saved, runs continue, show it, and one notification appears',
  async (session) => {
    const { workbench, runs } = session;
    await workbench.runCommand('Notifications: Clear All Notifications');
    await rm(join(storage(session), 'runs'), { recursive: true, force: true });
    await writeFile(join(storage(session), 'runs'), 'a file where the folder should be');
    await runOnDb(session, 'one.sh');
    await workbench.notification(WARNING);
    const { words } = await runs.ended('one.sh');
    assert.match(words, /^1 ok · not saved/);
    await session.screenshot('not-saved');
    await workbench.runCommand('Notifications: Clear All Notifications');
    await runOnDb(session, 'two.sh');
    assert.match((await runs.ended('two.sh')).words, /^1 ok · not saved/);
    const texts = await workbench.notifications();
    assert.ok(!texts.some((text) => text.includes(WARNING)), texts.join(' | '));
    await workbench.tree.contextMenu('one.sh', 'Copy Run as Markdown');
    await eventually(async () => {
      const text = await workbench.page.evaluate<string>('navigator.clipboard.readText()');
      assert.match(text, /^one$/m);
    });
  },
);

/** The process id of the youngest extension host that the server started. */
async function extensionHost({ vscode }: Session): Promise<string> {
  const all = await processes();
  const servers = all.filter(({ command }) => command.includes(vscode.serverDataDir));
  const hosts = all.filter(
    ({ command, parent }) =>
      command.includes('--type=extensionHost') && servers.some(({ id }) => id === parent),
  );
  const youngest = hosts.sort((a, b) => b.start - a.start)[0];
  assert.ok(youngest, 'no extension host');
  return youngest.id;
}

interface RunningProcess {
  readonly id: string;
  readonly parent: string;
  readonly command: string;
  /** Clock ticks after the system's start. */
  readonly start: number;
}

async function processes(): Promise<RunningProcess[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = async (id: string): Promise<RunningProcess[]> => {
    const [command, stat] = await Promise.all([
      readFile(`/proc/${id}/cmdline`, 'utf8'),
      readFile(`/proc/${id}/stat`, 'utf8'),
    ]);
    // The process name before it can contain any character.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [{ id, command, parent: fields[1] ?? '', start: Number(fields[19]) }];
  };
  // A process can have ended meanwhile.
  return (await Promise.all(ids.map((id) => read(id).catch(() => [])))).flat();
}

async function limitFiles(pid: string, bytes: string): Promise<void> {
  await runCommand('prlimit', ['--pid', pid, `--fsize=${bytes}:`]);
}
