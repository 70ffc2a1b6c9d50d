import * as vscode from 'vscode';
import { holdMessage, rampEndMessage, skippedMessage } from '../../runs/text/rampText.ts';
import { describeDuration, describeProgress } from '../../runs/text/stateText.ts';
import { showInfo, showWarning } from '../base/notify.ts';
import { runOnLabel } from '../base/nodeCount.ts';
import { reportError } from '../base/reportError.ts';
import type { LiveRamp } from './liveRamp.ts';
import type { RampChange, Ramps } from './ramps.ts';

/** A shorter pause leaves no time to read a notification. */
const MIN_PAUSE_MS = 3000;

interface NotifyServices {
  readonly ramps: Ramps;
  readonly log: vscode.LogOutputChannel;
}

/** Shows how steps that start on their own proceed, with buttons that pause, continue, and stop them. */
export function notifyRamp({ ramps, log }: NotifyServices): vscode.Disposable {
  return ramps.onDidChangePhase((change) => {
    void showPhase(ramps, change).catch((error: unknown) => reportError(error, log));
  });
}

async function showPhase(ramps: Ramps, { live, phase }: RampChange): Promise<void> {
  const { latest, ramp } = live;
  // The user can have deleted the run.
  const title = latest?.info.title ?? vscode.l10n.t('Steps on their own');
  switch (phase.kind) {
    case 'running':
      return;
    case 'pausing':
      if (ramp.rule.pauseMs >= MIN_PAUSE_MS) await showPause(ramps, live, title);
      return;
    case 'held': {
      const isProblem = phase.hold.why === 'problem' || phase.hold.why === 'cut';
      const text = `${title}: ${[holdMessage(ramp), skippedMessage(ramp)].filter(Boolean).join(' ')}`;
      await offerToContinue(
        ramps,
        live,
        isProblem ? showWarning(text, ...buttonsOf(live)) : showInfo(text, ...buttonsOf(live)),
      );
      return;
    }
    case 'ended': {
      const show = phase.end === 'done' && ramp.spent === 0 ? showInfo : showWarning;
      await show(`${title}: ${rampEndMessage(ramp)}`);
    }
  }
}

async function showPause(ramps: Ramps, live: LiveRamp, title: string): Promise<void> {
  const { ramp, current } = live;
  const pause = vscode.l10n.t('Pause');
  const stop = vscode.l10n.t('Stop');
  const text = vscode.l10n.t(
    '{0}: step {1} of {2} finished, {3}. The next step starts in {4}.',
    title,
    ramp.step,
    ramp.steps.length,
    current?.run ? describeProgress(current.run.ledger) : vscode.l10n.t('no node ran'),
    describeDuration(ramp.rule.pauseMs),
  );
  const pressed = await showInfo(
    [text, skippedMessage(ramp)].filter(Boolean).join(' '),
    pause,
    stop,
  );
  if (pressed === pause) ramps.pause(live);
  if (pressed === stop) ramps.stop(live);
}

/** The button that continues, then the one that stops. */
function buttonsOf({ ramp }: LiveRamp): [string, string] {
  const next = ramp.steps[ramp.step];
  const { phase } = ramp;
  const asks = phase.kind === 'held' && phase.hold.why === 'asks';
  return [
    asks && next ? vscode.l10n.t('{0}…', runOnLabel(next.length)) : vscode.l10n.t('Continue'),
    vscode.l10n.t('Stop'),
  ];
}

async function offerToContinue(
  ramps: Ramps,
  live: LiveRamp,
  shown: Thenable<string | undefined>,
): Promise<void> {
  const [proceed, stop] = buttonsOf(live);
  const pressed = await shown;
  if (pressed === proceed) await ramps.continue(live);
  if (pressed === stop) ramps.stop(live);
}
