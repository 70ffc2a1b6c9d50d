import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ChannelTail } from '../../../src/runs/documents/channelTail.ts';

const NOTE = '… left out';

/** A channel that does as it is asked. */
class Channel {
  readonly tail: ChannelTail;
  text = '';
  updates = 0;
  written = 0;

  constructor(maxCharacters: number) {
    this.tail = new ChannelTail(NOTE, maxCharacters);
  }

  add(...lines: string[]): this {
    this.tail.add(lines);
    return this;
  }

  update(): string {
    const update = this.tail.take();
    if (update) this.updates++;
    this.written += update?.text.length ?? 0;
    if (update?.kind === 'append') this.text += update.text;
    if (update?.kind === 'replace') this.text = update.text;
    return this.text;
  }
}

describe('a channel', () => {
  test('has all lines while there is room', () => {
    const channel = new Channel(100);
    assert.equal(channel.tail.take(), undefined);
    assert.equal(channel.add('first', 'a').update(), 'first\na\n');
    assert.equal(channel.add('b').update(), 'first\na\nb\n');
    assert.equal(channel.tail.isFull, false);
  });

  test('then has its first line and the newest ones, and says so in between', () => {
    const channel = new Channel(100);
    for (let i = 1; i <= 1000; i++) {
      const text = channel.add(i === 1 ? 'header' : `line ${i}`).update();
      assert.ok(text.startsWith('header\n'));
      assert.ok(text.endsWith(i === 1 ? 'header\n' : `line ${i}\n`));
      assert.ok(text.length <= 100 + `header\n${NOTE}\n`.length);
    }
    const [header, note, ...lines] = channel.text.trimEnd().split('\n');
    assert.deepEqual([header, note], ['header', NOTE]);
    assert.ok(lines.length >= 5);
    lines.forEach((line, index) => assert.equal(line, `line ${1001 - lines.length + index}`));
    assert.equal(channel.tail.isFull, true);
    // Each line is written about twice: not everything again for each.
    assert.ok(channel.written < 3 * 1000 * 10, String(channel.written));
  });

  test('keeps its first line also if the first update is too much', () => {
    const channel = new Channel(100);
    channel.add('header', ...Array.from({ length: 18 }, (_, i) => `line ${i}`));
    assert.match(channel.update(), /^header\n… left out\nline 1\d\n/);
  });

  test('drops lines that came faster than it is updated, and still ends with the last', () => {
    const channel = new Channel(1000);
    channel.add('header');
    for (let i = 0; i < 100_000; i++) channel.add(`line ${i}`);
    const text = channel.update();
    assert.ok(text.startsWith(`header\n${NOTE}\nline `));
    assert.ok(text.endsWith('\nline 99999\n'));
    assert.ok(text.length < 2100);
  });

  test('shows a line that is longer than the limit', () => {
    const channel = new Channel(10);
    channel.add('header', 'x'.repeat(50)).update();
    assert.equal(channel.text, `header\n${NOTE}\n${'x'.repeat(50)}\n`);
  });

  test('is empty after it was cleared', () => {
    const channel = new Channel(10);
    channel.add('header', 'a much longer line').update();
    channel.tail.clear();
    channel.text = '';
    assert.equal(channel.add('new').update(), 'new\n');
    assert.equal(channel.tail.isFull, false);
  });
});
