import type { ParameterValue, ScriptLanguage } from './parameter.ts';

/**
 * The statement that gives a script a value: exactly the characters that were typed, as UTF-8. A value
 * only ever becomes a quoted literal, so that no part of it can run.
 * @param usesUtf8 whether a Perl script has `use utf8`, so that its own literals are characters, not bytes
 */
export function assignment(
  { name, value }: ParameterValue,
  language: ScriptLanguage,
  usesUtf8: boolean,
): string {
  switch (language) {
    case 'sh':
    case 'zsh':
      return `${name}=${shellLiteral(value)}`;
    case 'python':
      return `${name} = ${pythonLiteral(value)}`;
    case 'anyPython':
      return `${name} = ${anyPythonLiteral(value)}`;
    case 'perl':
      // Also for what Perl does while it compiles the script, such as `use constant`.
      return `our $${name}; BEGIN { $${name} = ${perlLiteral(value, usesUtf8)} }`;
  }
}

/** Line breaks are sent as LF, so that CR and LF must not be neighbors. Zsh can read `''` as a quote. */
function shellLiteral(value: string): string {
  const quoted = value.replaceAll("'", String.raw`'\''`).replaceAll('\r\n', `\r'""'\n`);
  return `'${quoted}'`;
}

/** Has only ASCII characters, whatever the encoding of the script is. */
function pythonLiteral(value: string): string {
  return `"${Array.from(value, pythonCharacter).join('')}"`;
}

function pythonCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x0a) return String.raw`\n`;
  if (isPrintable(code)) return /["\\]/.test(character) ? `\\${character}` : character;
  const hex = code.toString(16);
  if (code < 0x80) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** Python 2 has bytes where Python 3 has characters. */
function anyPythonLiteral(value: string): string {
  const characters = pythonLiteral(value);
  if (Buffer.byteLength(value) === value.length) return characters;
  return `b${pythonBytes(value)} if str is bytes else ${characters}`;
}

function pythonBytes(value: string): string {
  const bytes = Array.from(Buffer.from(value), (byte) =>
    byte < 0x80 ? pythonCharacter(String.fromCharCode(byte)) : `\\x${byte.toString(16)}`,
  );
  return `"${bytes.join('')}"`;
}

/** Has only ASCII characters, whatever the encoding of the script is. */
function perlLiteral(value: string, usesUtf8: boolean): string {
  if (/^[\x20-\x7e]*$/.test(value)) return `'${value.replace(/[\\']/g, String.raw`\$&`)}'`;
  const codes = usesUtf8
    ? Array.from(value, (character) => character.codePointAt(0) ?? 0)
    : [...Buffer.from(value)];
  return `"${codes.map(perlCharacter).join('')}"`;
}

function perlCharacter(code: number): string {
  const character = String.fromCodePoint(code);
  return isPrintable(code) && !/["\\$@]/.test(character) ? character : `\\x{${code.toString(16)}}`;
}

function isPrintable(code: number): boolean {
  return code >= 0x20 && code < 0x7f;
}
