import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { exportStrings } from '../../scripts/l10nStrings.ts';
import { repository } from '../setup/repository.ts';

/** Phrases that "Style" in CONTRIBUTING.md bans from user-visible texts, and what to write instead. */
const BANNED: readonly (readonly [phrase: RegExp, instead: string])[] = [
  [/\b(tell|tells|telling|told)\b/i, 'show, report, announce'],
  [/\bkept\b/i, 'saved'],
  [/\b(nobody|somebody|everybody|whoever|whatever|whichever)\b/i, 'name the node, user, or value'],
  [/\bfit(s|ted|ting)?\b/i, 'match; for sizes, "is too large"'],
  [/\banew\b/i, 'again'],
  [/\b(go|goes|going|gone|went) on\b/i, 'continue, keep running'],
  [/\b(is|are|was|were) to\b/i, 'must, will, or an imperative'],
  [/(?<!\bthere )\b(is|are) (no|none)\b(?! longer)/i, 'is not; or a verb'],
  [/\bstands\b/i, 'is'],
  [/\bparted by\b/i, 'separated by'],
  [/\blet go\b/i, 'release, free'],
  [/\bsilent\b/i, 'no response'],
  [/\b(never|not|no) answer(s|ed)?\b/i, 'no response, did not respond'],
  [/\b(un)?tick(s|ed|ing)?\b/i, 'select, clear'],
  [/\b(as a rule|all the same|besides|and the like)\b/i, 'leave it out'],
  [/\b(colour|behaviour|favour|catalogue)|\b(cancelled|cancelling|acknowledgement)\b/i, 'color, …'],
  [/[\u2018\u2019\u201c\u201d]/, 'straight quotes'],
];

const manifest = JSON.parse(
  await readFile(join(repository, 'package.nls.json'), 'utf8'),
) as Readonly<Record<string, string>>;
const code = Object.values(await exportStrings()).map((text) =>
  typeof text === 'string' ? text : text.message,
);

for (const [place, texts] of [
  ['package.nls.json', Object.values(manifest)],
  ['the code', code],
] as const) {
  test(`the texts of ${place} have no phrase that the style bans`, () => {
    const found = texts.flatMap((text) =>
      BANNED.flatMap(([phrase, instead]) => {
        const match = phrase.exec(text);
        return match ? [`"${match[0]}" (write: ${instead}): ${text}`] : [];
      }),
    );
    assert.deepEqual(found, []);
  });
}

test('each ban finds what it bans, and nothing that resembles it', () => {
  const isBanned = (text: string) => BANNED.some(([phrase]) => phrase.test(text));
  for (const text of [
    'Nodes are told of it',
    'This filter is to be changed',
    'It goes on.',
    'The note is no list.',
    'Untick what you leave out',
    'never answered',
    'the agent\u2019s shell',
  ]) {
    assert.ok(isBanned(text), text);
  }
  for (const text of [
    'The script is too large.',
    "The agent's shell isn't set to anything.",
    'No response from 3 nodes',
    'Keep running on the remaining nodes',
    'A standalone profile with a benefit',
    'There is no earlier run.',
    '{0} is no longer in the catalog',
  ]) {
    assert.ok(!isBanned(text), text);
  }
});
