import { t } from '@vscode/l10n';
import { ConsulError } from '../../consul/errors/consulErrors.ts';
import { errorMessage } from '../../base/errorMessage.ts';
import { displayName } from '../../base/displayName.ts';
import { joinNames } from '../../base/joinNames.ts';

/** Texts that a run reports while its results are collected. */

export function lastReadFailedMessage(error: unknown): string {
  return error instanceof ConsulError
    ? t("Couldn't read the last output before the stop: {0}", error.message)
    : t("Couldn't read the last output before the stop: Consul didn't respond in time.");
}

/** The job key can be read by its name, but no key is listed (PROTOCOL.md §5). */
export function keysNotListedMessage(): string {
  return t(
    "Can't list the keys of this run. Where acl.enable_key_list_policy is on, your token needs key:list in addition to key:write.",
  );
}

export function keysDeletedMessage(): string {
  return t(
    "This run's keys were deleted from the KV store. Results that had not been read are lost.",
  );
}

export function readFailureMessage(error: ConsulError): string {
  return t("Can't read from Consul, so results are delayed. Retrying… ({0})", error.message);
}

export function sessionLostMessage(): string {
  return t(
    "This run's Consul session ended, so output that had not been read is lost. Jobs that started keep running.",
  );
}

export function cleanupContinuesMessage(minutes: number): string {
  return t(
    "Cleanup is taking long and continues in the background. If it fails, Consul removes this run's sessions and keys within {0} minutes.",
    minutes,
  );
}

export function cleanupFailedMessage(error: unknown, minutes: number): string {
  return t(
    "Couldn't clean up the run ({0}). Consul removes its sessions and keys within {1} minutes.",
    errorMessage(error),
    minutes,
  );
}

/** Of the last attempt: earlier doubt is resolved by the next one. */
export function announceUnconfirmedMessage(error: ConsulError): string {
  return t(
    "Consul didn't confirm the announcements, so nodes may not have received the job. It was not run twice. ({0})",
    error.message,
  );
}

/** @param nodes at least one */
export function notConfirmedMessage(nodes: readonly string[], error: unknown): string {
  const names = joinNames(nodes);
  return error instanceof Error
    ? t("Couldn't confirm that the job didn't run on {0}: {1}", names, error.message)
    : t("Couldn't confirm that the job didn't run on {0}.", names);
}

/** @param refusal of what keeps nodes from beginning again */
export function mayBeginAgainMessage(refusal: ConsulError): string {
  return t(
    'A node whose agent restarts during this run can run the job again, because Consul refused to prevent it: {0}',
    refusal.message,
  );
}

/** @param chunks how many are missing, of at most 4,096 bytes each */
export function gapMessage(node: string, chunks: number): string {
  const kilobytes = chunks * 4;
  return t(
    'Output from {0} is incomplete: up to {1} KB were deleted from the KV store before they were read.',
    displayName(node),
    kilobytes,
  );
}
