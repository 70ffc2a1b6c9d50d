/**
 * How the Runs view groups the nodes of a run; `node` groups nothing. Key bindings can pass these to
 * the command `consulExec.groupBy`.
 */
export const GROUP_MODES = ['node', 'status', 'output', 'service'] as const;
export type GroupMode = (typeof GROUP_MODES)[number];

export function isGroupMode(value: unknown): value is GroupMode {
  return GROUP_MODES.some((mode) => mode === value);
}
