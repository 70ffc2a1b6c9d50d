import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { parseAddress } from '../../src/consul/address.ts';
import { Consul } from '../../src/consul/consul.ts';
import { fireEvent } from '../../src/consul/event.ts';
import { compileRe2, FilterSyntaxError } from '../../src/exec/re2.ts';
import { CLASSES_OF_AGENTS } from '../../src/exec/re2Dialect.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';

/** What RE2 dialects differ in. The agent's own answer decides what is right. */
const EXPRESSIONS: readonly string[] = [
  ...[...CLASSES_OF_AGENTS].map((name) => `\\p{${name}}`),
  ...['Cn', 'LC', 'Lc', 'Assigned', 'Unknown', 'Alphabetic', 'ASCII_Hex_Digit', 'Ascii', 'Dash'],
  ...[
    'Emoji',
    'Emoji_Component',
    'Hex_Digit',
    'Lowercase',
    'Math',
    'Quotation_Mark',
    'White_Space',
  ],
  ...['Terminal_Punctuation', 'Yezidi', 'Chorasmian', 'Dives_Akuru', 'Khitan_Small_Script', 'Kawi'],
  ...['Vithkuqi', 'Toto', 'Garay', 'Tangsa', 'Old_Uyghur', 'greek', 'Letter', 'L&', ' Greek', ''],
].map((text) => (text.startsWith('\\') ? text : `\\p{${text}}`));

const OTHERS = [
  ...[
    '\\pL',
    '\\pX',
    '\\p{^Greek}',
    '\\P{^Lu}',
    '[\\p{Lu}\\d]',
    '(?i)\\p{Lu}',
    '[[:word:]]',
    '[[:foo:]]',
  ],
  ...[
    '(?<n>a)',
    '(?P<n>a)',
    '(?=a)',
    '(?<=a)',
    '(?>a)',
    '(?x)a',
    '(?U)a',
    '(?s).',
    '(?m)^a',
    '(?-i)a',
  ],
  ...[
    '\\C',
    '\\Z',
    '\\z',
    '\\A',
    '\\h',
    '\\R',
    '\\X',
    '\\K',
    '\\N',
    '\\e',
    '\\cA',
    '\\1',
    '\\8',
    '\\Qa',
    '\\Qa\\E',
  ],
  ...[
    'a**',
    'a*?',
    'a++',
    'a{1000}',
    'a{1001}',
    'a{,2}',
    'a{2,1}',
    '[b-a]',
    '[]a]',
    '[',
    '(',
    ')',
    'a\\',
  ],
];

describe('what agents take for a regular expression', () => {
  let fleet: Fleet;
  let consul: Consul;

  before(async () => {
    fleet = await startFleet({ clients: [] });
    consul = new Consul({ endpoint: parseAddress(fleet.address) });
  });

  after(async () => {
    await consul.close();
    await fleet.stop();
  });

  test('is what we take for one', async () => {
    const differing: string[] = [];
    for (const expression of [...EXPRESSIONS, ...OTHERS]) {
      if (takenHere(expression) !== (await takenByAgent(expression))) differing.push(expression);
    }
    assert.deepEqual(differing, []);
  });

  async function takenByAgent(node: string): Promise<boolean> {
    try {
      await fireEvent(consul, 'dialect', '', { node });
      return true;
    } catch (error) {
      assert.match(String(error), /[Ii]nvalid node filter/);
      return false;
    }
  }
});

function takenHere(expression: string): boolean {
  try {
    compileRe2(expression);
    return true;
  } catch (error) {
    assert.ok(error instanceof FilterSyntaxError);
    return false;
  }
}
