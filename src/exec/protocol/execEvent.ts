/** The user event that agents listen for (PROTOCOL.md §1.6). */
export const EXEC_EVENT = '_rexec';

/** What servers since 1.22 accept as the payload of an event (PROTOCOL.md §3.9). */
export const MAX_PAYLOAD_BYTES = 300;

const SESSION_ID_LENGTH = 36;

/** The event's payload: where agents find the job. */
export function eventPayload(prefix: string, session: string): string {
  return JSON.stringify({ Prefix: prefix, Session: session });
}

/** Bytes of an event's payload under this key prefix. Filters share the event's budget with it. */
export function payloadSize(prefix: string): number {
  return Buffer.byteLength(eventPayload(prefix, '')) + SESSION_ID_LENGTH;
}
