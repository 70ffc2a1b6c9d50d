import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ChannelOutput, fairShare } from '../../../src/runs/documents/channelOutput.ts';
import { OutputStore } from '../../../src/runs/output/outputStore.ts';

/** @param maxBytes of each node */
async function replayed(texts: Record<string, string>, maxBytes?: number): Promise<string[]> {
  const store = new OutputStore();
  const channel = new ChannelOutput(1);
  const lines: string[] = [];
  for (const [node, text] of Object.entries(texts)) {
    const bytes = Buffer.from(text);
    // As nodes write it: 4096 bytes at a time, wherever that cuts.
    for (let at = 0; at < bytes.length; at += 4096) {
      store.append(node, bytes.subarray(at, at + 4096));
    }
    const limit = maxBytes === undefined ? {} : { maxBytes };
    const all = channel.replay(store, node, store.size(node), limit);
    for await (const some of all) lines.push(...some);
    lines.push(...channel.end(node));
  }
  return lines;
}

describe("a run's channel", () => {
  test('shows whole lines, whatever chunks cut', () => {
    const channel = new ChannelOutput(3);
    const bytes = Buffer.from('äb\nc');
    assert.deepEqual(channel.push('a', bytes.subarray(0, 1)), []);
    assert.deepEqual(channel.push('b', Buffer.from('x\n')), ['b   │ x']);
    assert.deepEqual(channel.push('a', bytes.subarray(1)), ['a   │ äb']);
    assert.deepEqual(channel.endAll(), ['a   │ c']);
  });

  test('shows where chunks are missing, also when it is written again', async () => {
    const channel = new ChannelOutput(1);
    const store = new OutputStore();
    assert.deepEqual(channel.push('a', Buffer.from('on')), []);
    store.append('a', Buffer.from('on'));
    const missing = ['a │ on', 'a │ … up to 12 KB missing here …'];
    assert.deepEqual(channel.push('a', { position: 2, chunks: 3 }), missing);
    store.addGap('a', 3);
    const again = new ChannelOutput(1);
    const lines = await Array.fromAsync(again.replay(store, 'a', 2, { gaps: store.gaps('a') }));
    assert.deepEqual(lines.flat(), missing);
  });

  test("decodes with the node's encoding", () => {
    const channel = new ChannelOutput(1, () => ({ encoding: 'gbk', isScript: false }));
    assert.deepEqual(channel.push('a', Buffer.from([0xd6, 0xd0, 0x0a])), ['a │ 中']);
  });

  test('is written again in full if there is room', async () => {
    const lines = await replayed({ a: 'x\n'.repeat(100_000), b: 'end' });
    assert.equal(lines.length, 100_001);
    assert.equal(lines.at(-1), 'b │ end');
  });

  test('is otherwise written again with the last whole lines of each node, and says so', async () => {
    const numbers = Array.from({ length: 5000 }, (_, i) => `line ${i + 1}`);
    const lines = await replayed({ a: `${numbers.join('\n')}\n`, b: 'end' }, 30);
    assert.deepEqual(lines, [
      'a │ … the first 47.7 KB are left out here …',
      'a │ line 4999',
      'a │ line 5000',
      'b │ end',
    ]);
  });

  test('shows no half characters where it leaves output out', async () => {
    for (const character of ['ä', '€', '😀']) {
      for (const maxBytes of [100, 101, 102, 103]) {
        const [, ...lines] = await replayed({ a: `${character.repeat(5)}\n`.repeat(99) }, maxBytes);
        assert.ok(lines.length > 0);
        for (const line of lines) assert.equal(line, `a │ ${character.repeat(5)}`);
      }
    }
    const store = new OutputStore();
    store.append('a', Buffer.from('äöü\n'.repeat(50), 'utf16le'));
    const channel = new ChannelOutput(1, () => ({ encoding: 'utf-16le', isScript: false }));
    const replay = channel.replay(store, 'a', store.size('a'), { maxBytes: 41 });
    const lines = (await Array.fromAsync(replay)).flat().slice(1);
    assert.ok(lines.length > 0);
    for (const line of lines) assert.equal(line, 'a │ äöü');
  });
});

test('nodes share what a channel can show: small outputs are whole, large ones get equal parts', () => {
  assert.equal(fairShare([], 100), Number.POSITIVE_INFINITY);
  assert.equal(fairShare([10, 20, 70], 100), Number.POSITIVE_INFINITY);
  assert.equal(fairShare([10, 1000, 20, 2000], 100), 35);
  assert.equal(fairShare([50, 60], 100), 50);
  assert.equal(
    fairShare(
      Array.from({ length: 10_000 }, () => 4096),
      524_288,
    ),
    52,
  );
});
