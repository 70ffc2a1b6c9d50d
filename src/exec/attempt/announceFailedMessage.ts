import { t } from '@vscode/l10n';
import type { ConsulError } from '../../consul/errors/consulErrors.ts';

export function announceFailedMessage(error: ConsulError): string {
  return t("Couldn't announce the job to some nodes: {0}", error.message);
}
