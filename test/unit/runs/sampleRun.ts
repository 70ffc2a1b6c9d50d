import type { RunEvent } from '../../../src/exec/events/runEvent.ts';
import type { RunInfo } from '../../../src/runs/run.ts';

/** When sample runs start: a fixed time, so that their exports never change. */
export const T0 = Date.UTC(2026, 1, 3, 14, 2, 11);

export function sampleInfo(more: Partial<RunInfo> = {}): RunInfo {
  return {
    id: '6d1f0a52-0c1e-4c7e-9b58-3f0a2f0f7a11',
    job: { kind: 'script', text: '#!/bin/sh\nuptime; df -h /\n' },
    title: 'uptime; df -h /',
    announcements: [{ service: '^web-[0-9]+$', tag: '^primary$' }],
    targets: ['web-1', 'web-2', 'web-10', 'db-1'],
    choice: 'service web · tag primary',
    datacenters: ['dc1'],
    connection: 'staging',
    createdAt: T0,
    startedBy: {
      user: 'ops',
      host: 'laptop',
      tokenAccessor: '0f2c1a7e-3b58-4c7e-9b58-3f0a2f0f7a11',
      tokenDescription: 'deploys | <b>',
    },
    services: { web: ['web-1', 'web-2', 'web-10'], db: ['db-1'] },
    ...more,
  };
}

export const SESSION = 'f9642bd0-a046-bc68-577a-4962b8c06efa';

export function started(targets: readonly string[], at = T0): RunEvent {
  const sessions = [{ datacenter: 'dc1', session: SESSION }];
  return { kind: 'started', at, sessions, prefix: '_rexec', heartbeatMs: 2000, targets };
}

export function wrote(node: string, text: string | Uint8Array, at = T0 + 100): RunEvent {
  return { kind: 'output', at, node, bytes: typeof text === 'string' ? Buffer.from(text) : text };
}

export function exited(node: string, code: number, at = T0 + 400): RunEvent {
  return { kind: 'exited', at, node, code };
}

/** A run with a node of each kind: ok, failed, killed, lost, no response and unexpected. */
export function sampleEvents(): readonly RunEvent[] {
  return [
    started(['web-1', 'web-2', 'web-10', 'db-1', 'db-2', 'cache-1']),
    { kind: 'announced', at: T0 + 1, filters: { service: '^web-[0-9]+$' }, number: 1, of: 1 },
    { kind: 'acknowledged', at: T0 + 10, node: 'web-1' },
    { kind: 'acknowledged', at: T0 + 11, node: 'web-2' },
    { kind: 'acknowledged', at: T0 + 12, node: 'web-10' },
    { kind: 'acknowledged', at: T0 + 13, node: 'db-1' },
    { kind: 'acknowledged', at: T0 + 14, node: 'db-2' },
    wrote('web-1', 'all quiet, "really"\nsecond line, ünïcode\n', T0 + 50),
    wrote('web-10', 'all quiet, "really"\nsecond', T0 + 51),
    wrote('db-1', '=HYPERLINK("http://example.invalid")\n```\nnot the end of a fence\n', T0 + 52),
    wrote('web-10', ' line, ünïcode\n', T0 + 53),
    wrote('web-2', Buffer.from([0xff, 0xfe, 0x00, 0x0a]), T0 + 54),
    { kind: 'heartbeat', at: T0 + 2000, node: 'db-2' },
    exited('web-1', 0, T0 + 400),
    exited('web-10', 0, T0 + 410),
    exited('web-2', 2, T0 + 420),
    exited('db-1', -1, T0 + 5000),
    wrote('stranger-1', '@SUM(1)\n', T0 + 5100),
    exited('stranger-1', 0, T0 + 5200),
    { kind: 'lost', at: T0 + 8000, node: 'db-2' },
    { kind: 'warning', at: T0 + 8001, text: 'Some nodes could not be told of the job.' },
    { kind: 'finished', at: T0 + 9000, end: 'quiet' },
  ];
}
