import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { parseAddress } from '../../src/consul/endpoint/address.ts';
import { Consul } from '../../src/consul/consul.ts';
import { fireEvent } from '../../src/consul/event.ts';
import { compileRe2, FilterSyntaxError } from '../../src/exec/targeting/re2.ts';
import {
  AGENT_CHARACTER_CLASSES,
  findUnsupportedSyntax,
} from '../../src/exec/targeting/re2Dialect.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';

/** Expressions that RE2 dialects treat differently. The agent's response is the reference. */
const EXPRESSIONS: readonly string[] = [
  ...[...AGENT_CHARACTER_CLASSES].map((name) => `\\p{${name}}`),
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

describe('the regular expressions that agents accept', () => {
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

  test('include all that we accept, and we refuse only what some agents refuse', async () => {
    const differing: string[] = [];
    for (const expression of [...EXPRESSIONS, ...OTHERS]) {
      if (isAcceptedHere(expression) === (await isAcceptedByAgent(expression))) continue;
      if (isAcceptedHere(expression) || findUnsupportedSyntax(expression) === undefined)
        differing.push(expression);
    }
    assert.deepEqual(differing, []);
  });

  async function isAcceptedByAgent(node: string): Promise<boolean> {
    try {
      await fireEvent(consul, 'dialect', '', { node });
      return true;
    } catch (error) {
      assert.match(String(error), /[Ii]nvalid node filter/);
      return false;
    }
  }
});

function isAcceptedHere(expression: string): boolean {
  try {
    compileRe2(expression);
    return true;
  } catch (error) {
    assert.ok(error instanceof FilterSyntaxError);
    return false;
  }
}
