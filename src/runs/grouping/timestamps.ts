const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const WEEKDAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const YEAR = '(?:19|20)\\d\\d';
const MM = '(?:0[1-9]|1[0-2])';
const DD = '(?:0[1-9]|[12]\\d|3[01])';
/** A day of the month as people write it, padded with a space, a zero or nothing. */
const DAY = '(?:0?[1-9]|[12]\\d|3[01])';

const HOUR = '(?:[01]?\\d|2[0-3])';
const MINUTE = '[0-5]\\d';
const SECOND = '(?:[0-5]\\d|60)';
const SHORT_CLOCK = `${HOUR}:${MINUTE}`;
const CLOCK = `${SHORT_CLOCK}:${SECOND}(?:[.,]\\d{1,9}|:\\d{3})?(?: ?[AP]M)?`;

const OFFSET = '[+-](?:0\\d|1[0-4])(?::?(?:00|15|30|45))?';
/** Abbreviations of the time zone database. Other capitals after a time are a word: `FAIL`. */
const ZONES =
  'UTC|GMT|WET|WEST|CET|CEST|EET|EEST|BST|IST|IDT|MSK|SAST|WAT|CAT|EAT|PKT|WIB|WITA|WIT|HKT|PST|PDT|MST|MDT|CST|CDT|EST|EDT|AST|ADT|NST|NDT|AKST|AKDT|HST|HDT|SST|ChST|JST|KST|AWST|ACST|ACDT|AEST|AEDT|NZST|NZDT';
/** After a time without a date, only zones that can't be a word. */
const CLOCK_ZONE = `(?:Z|${OFFSET}| ?(?:UTC|GMT))`;
const ZONE = `(?:Z|${OFFSET}| (?:${OFFSET}|${ZONES})(?!\\w))`;

/** A time is not part of a word, a longer number, an address or a version. */
const BEGIN = '(?<![\\w:.])';
const END = '(?![\\w]|:\\w|[-/]\\d)';

/**
 * Examples: `2026-02-03T04:05:06.789Z`, `Tue Feb  3 04:05:06 UTC 2026`, `03/Feb/2026:04:05:06 +0000`,
 * `Feb  3 04:05:06`, `2026-02-03`, `04:05:06`. Bare numbers do not count: seconds since the epoch look
 * like a size, and `04:05` alone looks like a duration.
 */
const SPELLINGS = [
  // 2026-02-03, 2026/02/03 04:05:06, Tue 2026-02-03 04:05 UTC
  `(?:${WEEKDAY} )?${YEAR}([-/])${MM}\\1${DD}(?:[T _-](?:${CLOCK}|${SHORT_CLOCK})${ZONE}?)?`,
  // 20260203T040506Z
  `${YEAR}${MM}${DD}[T_-](?:[01]\\d|2[0-3])${MINUTE}${SECOND}(?:[.,]\\d{1,9})?(?:Z|${OFFSET})?`,
  // 03/Feb/2026:04:05:06 +0000
  `${DD}/${MONTH}/${YEAR}:${CLOCK}${ZONE}?`,
  // 02/03/2026 04:05:06, 3.2.2026, 04:05:06
  `${DAY}([./])${DAY}\\2${YEAR},? ${CLOCK}${ZONE}?`,
  // Tue Feb  3 04:05:06 UTC 2026, Tue Feb  3 04:05:06 2026: only here a number after it is a year
  `${WEEKDAY} ${MONTH} {1,2}${DAY} ${CLOCK}${ZONE}? ${YEAR}(?: [+-]\\d{4})?`,
  // Feb  3 04:05:06 2026 GMT
  `${MONTH} {1,2}${DAY} ${CLOCK} ${YEAR} GMT`,
  // Tue, 3 Feb 2026 04:05:06 +0000, Feb  3 04:05:06, Feb  3 04:05, Feb  3  2025
  `(?:${WEEKDAY},? )?(?:${DAY} ${MONTH} ${YEAR}|${MONTH} {1,2}${DAY}(?:,? ${YEAR})?),? (?:${CLOCK}|${SHORT_CLOCK})${ZONE}?`,
  `(?:${WEEKDAY},? )?(?:${DAY} ${MONTH} ${YEAR}|${MONTH} {1,2}${DAY},? {1,2}${YEAR})`,
  // 04:05:06
  `${CLOCK}${CLOCK_ZONE}?`,
];

/**
 * The kernel's stamps of `dmesg`, in seconds since boot, or since the message before:
 * `[   12.345678]`, `[   12.345678 <    0.000012>]`, `[  +0.000012]`.
 */
const SINCE_BOOT =
  '(?<![^\\s>])\\[ {0,8}\\+?\\d{1,9}\\.\\d{6}(?: <[ +]{0,8}\\d{1,9}\\.\\d{6}>)?\\](?=[ [])';

/** `I0203 04:05:06.123456`: the letter, which is the severity, stays. */
const AFTER_LETTER = `(?<=(?<!\\w)[IWEF])${MM}${DD} ${CLOCK}`;

const TIMESTAMP = new RegExp(
  `(?:${BEGIN}(?:${SPELLINGS.join('|')})|${AFTER_LETTER})${END}|${SINCE_BOOT}`,
  'g',
);

/** A fast test that every text with a timestamp passes. */
const MAY_CONTAIN_TIMESTAMP =
  /\d[-:/]\d\d|\d\.\d{6}[\] ]|\d{8}[T_-]\d{6}|[a-z],? {1,2}\d{1,2},? {1,2}\d{4}|\d [A-Z][a-z]{2} \d{4}/;

/** @returns the text with each date and time of day replaced */
export function replaceTimestamps(text: string, replacement: string): string {
  return MAY_CONTAIN_TIMESTAMP.test(text) ? text.replace(TIMESTAMP, replacement) : text;
}
