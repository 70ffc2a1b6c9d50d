import * as vscode from 'vscode';
import { joinNames } from '../../../base/joinNames.ts';
import { describeRule } from '../../../exec/targeting/sets/describeRule.ts';
import {
  listEntry,
  ruleEntry,
  ruleOf,
  type SetFacts,
} from '../../../exec/targeting/sets/newSet.ts';
import type { ChoiceOrigin, SetRule } from '../../../exec/targeting/sets/savedSet.ts';
import type { TargetSelection } from '../../../exec/targeting/targetSelection.ts';
import { showInfo } from '../../base/notify.ts';
import { plainLabel } from '../../base/plainLabel.ts';
import { type Answer, askText, BACK, pickOne, type StepFrame } from '../../base/quickInput.ts';
import { writeSets, writtenSets } from '../../base/settings.ts';
import { UserError } from '../../base/userError.ts';
import { labelsOfAnswer } from '../inputs/namedNodes.ts';
import type { TargetDatacenters } from '../session/datacenterTargets.ts';
import type { PickSession } from '../session/pickSession.ts';
import { editSets, settingsRows } from './editSets.ts';

/** The nodes to save, and how they were said. */
export interface NodesToSave {
  readonly selection: TargetSelection;
  /** Labels of the chosen nodes. */
  readonly labels: readonly string[];
  readonly origin: ChoiceOrigin | undefined;
}

type Kind = 'list' | 'rule';

/**
 * Asks whether to save the rule or the nodes, where, and by which name. Back returns to the first
 * question.
 */
export async function saveSet(
  session: PickSession,
  frame: StepFrame,
  nodes: NodesToSave,
): Promise<Answer<'saved'>> {
  const rule = ruleOf(nodes.selection, nodes.origin);
  for (;;) {
    const kind = rule ? await askKind(frame, rule, nodes.labels) : 'list';
    if (kind === undefined || kind === BACK) return kind;
    const inWorkspace = await askPlace(frame);
    if (inWorkspace === undefined) return undefined;
    const name = inWorkspace === BACK ? BACK : await askName(frame, inWorkspace);
    if (name === undefined) return undefined;
    if (inWorkspace !== BACK && name !== BACK) {
      await write(session, nodes, { name, inWorkspace, rule: kind === 'rule' ? rule : undefined });
      return 'saved';
    }
    if (!rule) return BACK;
  }
}

function askKind(
  frame: StepFrame,
  rule: SetRule,
  labels: readonly string[],
): Promise<Answer<Kind>> {
  return pickOne<Kind>({ ...frame, canGoBack: true }, vscode.l10n.t('Select what to save'), () => [
    {
      label: vscode.l10n.t('The Rule'),
      iconPath: new vscode.ThemeIcon('filter'),
      description: plainLabel(describeRule(rule)),
      detail: vscode.l10n.t('the nodes that match when you use the set'),
      value: 'rule',
    },
    {
      label:
        labels.length === 1
          ? vscode.l10n.t('This Node')
          : vscode.l10n.t('These {0} Nodes', labels.length),
      iconPath: new vscode.ThemeIcon('checklist'),
      description: plainLabel(joinNames(labels)),
      detail: vscode.l10n.t('always the same nodes'),
      value: 'list',
    },
  ]);
}

/** Settings of a workspace need a workspace, which VS Code trusts here: nothing runs without that. */
function canUseWorkspace(): boolean {
  return vscode.workspace.isTrusted && (vscode.workspace.workspaceFolders?.length ?? 0) > 0;
}

/** @returns whether to save in the workspace */
async function askPlace(frame: StepFrame): Promise<Answer<boolean>> {
  if (!canUseWorkspace()) return false;
  return pickOne<boolean>(
    { ...frame, canGoBack: true },
    vscode.l10n.t('Select where to save the set'),
    settingsRows,
  );
}

function askName(frame: StepFrame, inWorkspace: boolean): Promise<Answer<string>> {
  const written = writtenIn(inWorkspace);
  const taken = new Set(
    written.flatMap((entry) =>
      typeof entry === 'object' && entry !== null && 'name' in entry ? [entry.name] : [],
    ),
  );
  return askText(
    { ...frame, canGoBack: true },
    {
      prompt: vscode.l10n.t('Name the set.'),
      placeholder: vscode.l10n.t('payment web servers'),
      value: '',
      validate: (text) =>
        taken.has(text.trim())
          ? {
              message: vscode.l10n.t('There is a set with this name. Enter another one.'),
              severity: vscode.InputBoxValidationSeverity.Error,
            }
          : undefined,
      emptyMessage: vscode.l10n.t('Enter a name.'),
    },
  );
}

/** @throws UserError if the setting is no list, so that adding a set would lose what the user wrote */
function writtenIn(inWorkspace: boolean): readonly unknown[] {
  const { user, workspace } = writtenSets();
  const written = (inWorkspace ? workspace : user) ?? [];
  if (Array.isArray(written)) return written;
  throw new UserError(vscode.l10n.t('"{0}" must be a list of sets.', 'consulExec.sets'));
}

async function write(
  { connection, datacenters }: PickSession,
  nodes: NodesToSave,
  how: { readonly name: string; readonly inWorkspace: boolean; readonly rule: SetRule | undefined },
): Promise<void> {
  const { inWorkspace, rule } = how;
  const name = how.name.trim();
  const facts: SetFacts = {
    name,
    place: {
      connection: connection.name,
      datacenters: datacenters.all.map(({ datacenter }) => datacenter),
    },
    labels: rule ? matchedLabels(datacenters, nodes) : nodes.labels,
  };
  const entry = rule ? ruleEntry(rule, facts) : listEntry(facts);
  await writeSets([...writtenIn(inWorkspace), entry], inWorkspace);
  const edit = vscode.l10n.t('Edit Sets in Settings');
  void showInfo(vscode.l10n.t('Saved the set "{0}".', name), edit).then((pressed) =>
    pressed === edit ? editSets() : undefined,
  );
}

/** All nodes of a rule, also those that the user cleared, or that can't respond. */
function matchedLabels(
  datacenters: TargetDatacenters,
  { selection, labels }: NodesToSave,
): readonly string[] {
  // Nodes of two datacenters can have one name.
  if (datacenters.hasSeveral && selection.node.kind === 'exactly') return labels;
  return labelsOfAnswer(datacenters, selection, { node: selection.node });
}
