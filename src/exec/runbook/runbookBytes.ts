import { isUtf8 } from '../script/scriptBytes.ts';

/** ISO 8859-1 has a character for every byte, so that files with other encodings also stay as they are. */
type RunbookEncoding = 'utf8' | 'latin1';

export interface DecodedRunbook {
  /** With its byte order mark. */
  readonly text: string;
  readonly encoding: RunbookEncoding;
}

export function decodeRunbook(bytes: Uint8Array): DecodedRunbook {
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1';
  return { text: Buffer.from(bytes).toString(encoding), encoding };
}

/** @returns undefined for text with characters that the encoding doesn't have */
export function encodeRunbook({ text, encoding }: DecodedRunbook): Uint8Array | undefined {
  const bytes = Buffer.from(text, encoding);
  return encoding === 'utf8' || bytes.toString('latin1') === text ? bytes : undefined;
}
