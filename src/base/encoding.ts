/** How output is decoded unless the user says otherwise. */
export const DEFAULT_ENCODING = 'utf-8';

/** Whether `TextDecoder` knows this label of an encoding. */
export function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}
