import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ChannelOutput } from '../../../src/runs/channelOutput.ts';
import { OutputStore } from '../../../src/runs/outputStore.ts';

const FULL = '… this channel is full. Open a node’s own output in the Runs view for the rest.';

async function replayed(texts: Record<string, string>, most?: number): Promise<string[]> {
  const store = new OutputStore();
  const channel = new ChannelOutput(1, most);
  const lines: string[] = [];
  for (const [node, text] of Object.entries(texts)) {
    const bytes = Buffer.from(text);
    // As nodes write it: 4096 bytes at a time, wherever that cuts.
    for (let at = 0; at < bytes.length; at += 4096) {
      store.append(node, bytes.subarray(at, at + 4096));
    }
    for await (const some of channel.replay(store, node, store.size(node))) lines.push(...some);
    lines.push(...channel.end(node));
  }
  return lines;
}

describe('a run’s channel', () => {
  test('shows whole lines, whatever chunks cut', () => {
    const channel = new ChannelOutput(3);
    const bytes = Buffer.from('äb\nc');
    assert.deepEqual(channel.push('a', bytes.subarray(0, 1)), []);
    assert.deepEqual(channel.push('b', Buffer.from('x\n')), ['b   │ x']);
    assert.deepEqual(channel.push('a', bytes.subarray(1)), ['a   │ äb']);
    assert.deepEqual(channel.endAll(), ['a   │ c']);
  });

  test('is full after so many characters, and says so once', async () => {
    const lines = await replayed({ a: 'line\n'.repeat(10_000), b: 'never\n' }, 20_000);
    assert.deepEqual(
      lines.filter((line) => !line.startsWith('a │ ')),
      [FULL],
    );
    assert.equal(lines.at(-1), FULL);
    assert.ok(lines.join('\n').length < 20_000 + 200);
  });

  test('ends nowhere without a word, however many bytes its characters take', async () => {
    for (const character of ['x', 'ä', '€', '😀']) {
      const line = character.repeat(20);
      // 2.5 MB of bytes: for some less than the limit of characters, for some more.
      const count = Math.round((2.5 * 2 ** 20) / (Buffer.byteLength(line) + 1));
      const lines = await replayed({ a: `${line}\n`.repeat(count) });
      const isWhole = lines.length === count && !lines.includes(FULL);
      assert.ok(isWhole || lines.at(-1) === FULL, character);
    }
    const short = await replayed({ a: '€\n'.repeat(700_000), b: 'end\n' }, 6_000_000);
    assert.equal(short.length, 700_001);
    assert.equal(short.at(-1), 'b │ end');
  });
});
