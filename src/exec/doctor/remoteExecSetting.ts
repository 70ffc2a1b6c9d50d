import { t } from '@vscode/l10n';

/** The agent setting that turns remote exec on. It is off by default since Consul 0.8. */
export const REMOTE_EXEC_ON = 'disable_remote_exec = false';

export function enableRemoteExecAdvice(): string {
  return t("Add this to the agent's configuration and restart the agent: {0}", REMOTE_EXEC_ON);
}
