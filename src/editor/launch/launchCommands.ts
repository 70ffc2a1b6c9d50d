import * as vscode from 'vscode';
import { splitArguments } from '../../exec/argv.ts';
import { type Job, JobError, jobTitle } from '../../exec/job.ts';
import type { App } from '../app.ts';
import { commands } from '../contributions.ts';
import { launch } from './launch.ts';
import { askText, BACK } from '../input/quickInput.ts';
import { registerCommand } from '../register.ts';
import { usesShell } from '../settings.ts';
import { jobFromEditor, jobFromFile } from './scriptSource.ts';

/** The three ways to begin: the selection, a file, a command typed into a box. */
export function registerLaunchCommands(app: App): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand(commands.runSelection, app.log, () => launch(app, jobFromEditor())),
    registerCommand(commands.runFile, app.log, async (uri) =>
      launch(app, await jobFromFile(uri instanceof vscode.Uri ? uri : await askForFile())),
    ),
    registerCommand(commands.runCommand, app.log, async () => {
      const job = await askForCommand(app);
      if (job) await launch(app, { job, title: jobTitle(job) });
    }),
  );
}

/** From the palette, the file in front; with no editor open, one the user picks. */
async function askForFile(): Promise<vscode.Uri> {
  const inFront = vscode.window.activeTextEditor?.document.uri;
  if (inFront) return inFront;
  const [picked] =
    (await vscode.window.showOpenDialog({ title: vscode.l10n.t('Run File on Consul Nodes') })) ??
    [];
  if (!picked) throw new vscode.CancellationError();
  return picked;
}

const LAST_COMMAND = 'lastCommand';

/** Asks for a line, and whether the agents' shell is to read it. */
async function askForCommand(app: App): Promise<Job | undefined> {
  let shell = usesShell();
  const toggle = {
    iconPath: new vscode.ThemeIcon('terminal'),
    tooltip: vscode.l10n.t('Run through the agents’ shell'),
    location: vscode.QuickInputButtonLocation.Input,
    toggle: { checked: shell },
  };
  const toJob = (text: string): Job =>
    shell ? { kind: 'command', text } : { kind: 'arguments', args: splitArguments(text) };
  const answer = await askText(
    {
      title: vscode.l10n.t('Run Command on Consul Nodes'),
      step: 0,
      totalSteps: 0,
      canGoBack: false,
    },
    {
      prompt: vscode.l10n.t('The command to run on every node you choose next'),
      placeholder: 'uptime',
      value: app.state.get(LAST_COMMAND, ''),
      buttons: [toggle],
      onButton: () => (shell = toggle.toggle.checked),
      empty: vscode.l10n.t('Type a command first.'),
      judge: (text) => {
        try {
          const job = toJob(text);
          if (job.kind !== 'arguments') return undefined;
          const vector = job.args.map((arg) => JSON.stringify(arg)).join(', ');
          return {
            message: vscode.l10n.t('Without a shell: {0}', vector),
            severity: vscode.InputBoxValidationSeverity.Info,
          };
        } catch (error) {
          if (!(error instanceof JobError)) throw error;
          return { message: error.message, severity: vscode.InputBoxValidationSeverity.Error };
        }
      },
    },
  );
  if (answer === undefined || answer === BACK) return undefined;
  await app.state.update(LAST_COMMAND, answer);
  return toJob(answer);
}
