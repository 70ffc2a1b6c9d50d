import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { describeState } from '../../runs/text/stateText.ts';
import { commands } from '../base/contributions.ts';
import type { NodeChannels } from './nodeChannels.ts';
import { combinedUri, scriptUri } from './documentUri.ts';
import { executeCommand } from '../base/executeCommand.ts';
import { showInfo } from '../base/notify.ts';
import { saveRawOutput } from './saveRawOutput.ts';
import { registerCommand } from '../base/registerCommand.ts';
import { UserError } from '../base/userError.ts';
import {
  isRunElement,
  type LoadServices,
  loadRunOf,
  type NodeElement,
  runOf,
} from '../runsView/runElements.ts';
import type { RunsViewOptions } from '../runsView/viewOptions.ts';
import type { OutputDocuments } from './outputDocuments.ts';
import type { RunChannels } from './runChannels.ts';

interface OutputServices extends LoadServices {
  readonly log: vscode.LogOutputChannel;
  readonly viewOptions: RunsViewOptions;
  readonly documents: OutputDocuments;
  readonly runChannels: RunChannels;
  readonly nodeChannels: NodeChannels;
}

/** Registers the commands that show or save the output of a node, or all output of a run. */
export function registerNodeOutputCommands(services: OutputServices): vscode.Disposable {
  const { log, documents, viewOptions, runChannels, nodeChannels } = services;
  return vscode.Disposable.from(
    registerCommand(commands.openNodeOutput, log, (element) =>
      openNodeOutput(documents, nodeOrFirstOf(element)),
    ),
    registerCommand(commands.openScript, log, (element) =>
      documents.open(scriptUri(runOf(element, services.runs.all))),
    ),
    registerCommand(commands.saveRawOutput, log, (element) => {
      const { run, node } = nodeOf(element);
      return saveRawOutput(run, node);
    }),
    registerCommand(commands.openAllOutputs, log, async (element) => {
      const run = await loadRunOf(element, services);
      const uri =
        viewOptions.mode === 'output'
          ? combinedUri(run, 'group', viewOptions.ignored)
          : combinedUri(run, 'node');
      return documents.open(uri);
    }),
    registerCommand(commands.openNodeChannel, log, (element) => {
      const { run, node } = nodeOf(element);
      return nodeChannels.show(run, node);
    }),
    registerCommand(commands.showOutput, log, async (element) =>
      runChannels.show(await loadRunOf(element, services)),
    ),
  );
}

/** A node without output has no document to read, but a reason. */
/** The nodes of a group have the same output. */
function nodeOrFirstOf(element: unknown): NodeElement {
  if (!isRunElement(element) || element.kind !== 'group') return nodeOf(element);
  const { listed, run, group } = element;
  const [node = ''] = group.nodes;
  return { kind: 'node', listed, run, node, group };
}

async function openNodeOutput(documents: OutputDocuments, element: NodeElement): Promise<void> {
  const { run, node } = element;
  const result = run.ledger.get(node);
  if (result?.state === 'noResponse') {
    await executeCommand(commands.whyNoResponse, element);
  } else if (result?.state === 'exited' && result.bytes === 0) {
    const state = describeState(result, run.ledger.end, Date.now());
    void showInfo(vscode.l10n.t('{0} wrote no output: {1}.', displayName(node), state));
  } else {
    await documents.open(documents.uri(run, node));
  }
}

function nodeOf(element: unknown) {
  if (isRunElement(element) && element.kind === 'node') return element;
  throw new UserError(vscode.l10n.t('Select a node in the Runs view first.'));
}
