import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { replaceTimestamps } from '../../../src/runs/grouping/timestamps.ts';

const left = (text: string) => replaceTimestamps(text, '·');

describe('dates and times', () => {
  const SPELLINGS: readonly (readonly [string, string])[] = [
    ['at 2026-02-03T04:05:06.123Z ok', 'at · ok'],
    ['2026-02-03T04:05:06.123456789+01:00 x', '· x'],
    ['2026-02-03 04:05:06,123 INFO', '· INFO'],
    ['2026-02-03 04:05:06:123 INFO', '· INFO'],
    ['2026-02-03 04:05:06.5+00 row', '· row'],
    ['2026-02-03 04:05:06 +0000 row', '· row'],
    ['2026/02/03 04:05:06 main.go', '· main.go'],
    ['2026-02-03 04:05 f', '· f'],
    ['2026-02-03T04:05Z', '·'],
    ['backup-2026-02-03.tar', 'backup-·.tar'],
    ['backup_at=2026-02-03', 'backup_at=·'],
    ['since Tue 2026-02-03 04:05:06 UTC; 1h ago', 'since ·; 1h ago'],
    ['20260203T040506Z x', '· x'],
    ['dump-20260203-040506.sql', 'dump-·.sql'],
    ['Tue Feb  3 04:05:06 UTC 2026', '·'],
    ['Tue Feb  3 04:05:06 2026', '·'],
    ['Tue Feb  3 04:05:06 2026 +0100', '·'],
    ['Tue 03 Feb 2026 04:05:06 AM UTC', '·'],
    ['Tue Feb  3 04:05:06 AM CET 2026', '·'],
    ['Tue, 3 Feb 2026 04:05:06 +0000', '·'],
    ['notAfter=Feb  3 04:05:06 2026 GMT', 'notAfter=·'],
    ['Feb  3 04:05:06 host sshd', '· host sshd'],
    ['root 5 Feb  3 04:05 f', 'root 5 · f'],
    ['root 5 Feb  3  2025 f', 'root 5 · f'],
    ['[03/Feb/2026:04:05:06 +0000] "GET', '[·] "GET'],
    ['02/03/2026 04:05:06 PM x', '· x'],
    ['03.02.2026 04:05:06 x', '· x'],
    ['I0203 04:05:06.123456 x', 'I· x'],
    ['[    0.000000] Linux version', '· Linux version'],
    ['[12345.678901][ T123] usb 1-1: new device', '·[ T123] usb 1-1: new device'],
    ['<6>[   12.345678] eth0: up', '<6>· eth0: up'],
    ['kern  :info  : [   12.345678] eth0: up', 'kern  :info  : · eth0: up'],
    ['[   12.345678 <    0.000012>] eth0: up', '· eth0: up'],
    ['[  +0.000012] eth0: up', '· eth0: up'],
    ['E0203 04:05:06.1 x', 'E· x'],
    [' 04:05:06 up 3 days', ' · up 3 days'],
    ['4:05:06 PM done', '· done'],
    ['04:05:06Z x', '· x'],
    ['04:05:06 UTC x', '· x'],
    ['[04:05:06] x', '[·] x'],
    ['04:05:06: x', '·: x'],
    ['time=04:05:06.123', 'time=·'],
  ];

  for (const [text, rest] of SPELLINGS) {
    test(`are found in ${text}`, () => {
      assert.equal(left(text), rest);
    });
  }

  const RESULTS: readonly (readonly [string, string])[] = [
    ['2026-02-03 04:05:06 FAIL check db', '· FAIL check db'],
    ['2026-02-03 04:05:06 PASS check db', '· PASS check db'],
    ['04:05:06 INFO x', '· INFO x'],
    ['04:05:06 WARN x', '· WARN x'],
    ['04:05:06 CRIT x', '· CRIT x'],
    ['04:05:06 EST x', '· EST x'],
    ['04:05:06 ESTABLISHED', '· ESTABLISHED'],
    ['Feb  3 04:05:06 8080 open', '· 8080 open'],
    ['Feb  3 04:05:06 2049 nfs', '· 2049 nfs'],
    ['Feb  3 04:05:06 2026 open', '· 2026 open'],
    ['2026-02-03 04:05:06 2026 open', '· 2026 open'],
    ['04:05:06 -7 degrees', '· -7 degrees'],
  ];

  for (const [text, rest] of RESULTS) {
    test(`leave the result of ${text}`, () => {
      assert.equal(left(text), rest);
    });
  }

  const OTHERS = [
    'link/ether 52:54:00:12:34:56',
    'link/ether 02:42:11:22:33:44 brd ff:ff:ff:ff:ff:ff',
    'link/ether 02:42:11:aa:33:44',
    'fe80::04:05:06',
    '2001:db8:1:02:03:04:05:06',
    'ratio 99:99:99',
    '25:00:00',
    'size 1073741824',
    'version 1.2026-02-03',
    'up 3 days',
    'took 04:05',
    'port 12:34',
    'id 2026-13-45',
    'part 12026-02-03',
    '2026-02/03',
    'May 10 errors',
    'Mar 3 8080',
    'XI0203 04:05',
    '20260203',
    'serial 2026020304',
    'sha 20260203T040506abc',
    'uuid 3f2a2026-0203-4405-8607-123456789012',
  ];

  for (const text of OTHERS) {
    test(`are not ${text}`, () => {
      assert.equal(left(text), text);
    });
  }

  test('are found in time in proportion to the text, whatever it is', () => {
    for (const piece of [
      '2026-02-03 ',
      '04:05:',
      'Feb  3 ',
      'Tue ',
      '1',
      ' ',
      '20260203',
      '04:05:06.',
    ]) {
      left(piece.repeat(50_000));
    }
  });
});
