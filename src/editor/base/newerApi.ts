import * as vscode from 'vscode';
import { withoutEscapes } from './plainLabel.ts';

/**
 * API that is newer than the oldest supported VS Code, with a plain equivalent for older ones. Only this file
 * uses such API: the compiler has the types of the oldest version.
 *
 * It goes by the version, because VS Code has API as a proposal, which it refuses or ignores, before
 * extensions can use it.
 */
const [major = 0, minor = 0] = vscode.version.split('.').map(Number);
const hasPrompts = isSince(108);
const hasToggles = isSince(109);

function isSince(wanted: number): boolean {
  return major > 1 || minor >= wanted;
}

/** What the title of an input consists of. Without newer API, that is more than the title itself. */
interface Heading {
  readonly title?: string;
  /** The toggles that are on. */
  readonly toggled?: string;
  readonly prompt?: string;
}

const headings = new WeakMap<vscode.QuickInput, Heading>();

function updateHeading(input: vscode.QuickInput, change: Heading): void {
  const heading = { ...headings.get(input), ...change };
  headings.set(input, heading);
  const { title, toggled, prompt } = heading;
  input.title = [title, toggled, prompt].filter(Boolean).join(' — ');
}

/** Sets the title of an input that can have a prompt or toggles. */
export function setTitle(input: vscode.QuickInput, title: string): void {
  updateHeading(input, { title });
}

/** Shows a text under the input of a quick pick; in older versions after its title, which wraps. */
export function setPrompt(
  pick: vscode.QuickPick<vscode.QuickPickItem>,
  prompt: string | undefined,
): void {
  if (hasPrompts) Object.assign(pick, { prompt });
  else updateHeading(pick, { prompt: prompt === undefined ? '' : titleText(prompt) });
}

/** A title would show the escapes of `plainLabel`, and hide the end of a word longer than a line. */
function titleText(prompt: string): string {
  return withoutEscapes(prompt).replaceAll(LONG_WORD, '$&\u200b');
}

const LONG_WORD = /\S{40}/g;

/** A button that is on or off. */
export interface ToggleButton extends vscode.QuickInputButton {
  readonly label: string;
  readonly toggle: { checked: boolean };
}

export function toggleButton(icon: string, label: string, checked: boolean): ToggleButton {
  const button = {
    label,
    iconPath: new vscode.ThemeIcon(icon),
    tooltip: label,
    toggle: { checked },
  };
  return hasToggles ? { ...button, ...inputLocation() } : button;
}

function inputLocation(): object {
  return { location: (vscode as unknown as NewerVscode).QuickInputButtonLocation.Input };
}

interface NewerVscode {
  readonly QuickInputButtonLocation: { readonly Input: number };
}

/**
 * Shows toggles in the input, as VS Code's own search does. Older versions show them as buttons in the title
 * bar, and the title names those that are on.
 * @param onToggle called after one was switched
 * @param others buttons of the title bar
 */
export function showToggles(
  input: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>,
  toggles: readonly ToggleButton[],
  onToggle: () => void,
  others: readonly vscode.QuickInputButton[] = [],
): vscode.Disposable {
  const showState = () => {
    const on = toggles.filter(({ toggle }) => toggle.checked).map(({ label }) => label);
    updateHeading(input, { toggled: on.join(', ') });
  };
  input.buttons = [...others, ...toggles];
  if (!hasToggles) showState();
  return input.onDidTriggerButton((button) => {
    const pressed = toggles.find((candidate) => candidate === button);
    if (!pressed) return;
    if (!hasToggles) {
      pressed.toggle.checked = !pressed.toggle.checked;
      showState();
    }
    onToggle();
  });
}
