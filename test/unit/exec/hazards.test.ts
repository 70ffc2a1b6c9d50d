import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EventFilters } from '../../../src/consul/event.ts';
import type { CatalogNode, ServiceInstance } from '../../../src/consul/catalogNode.ts';
import { findHazards } from '../../../src/exec/hazards/findHazards.ts';
import type { Hazard } from '../../../src/exec/hazards/hazard.ts';
import { describeHazard } from '../../../src/exec/hazards/wording.ts';
import { findTargets } from '../../../src/exec/targets.ts';

const ROOM = 332;

function node(
  name: string,
  services: readonly (readonly [id: string, name: string, ...tags: string[]])[] = [],
  more: Partial<CatalogNode> = {},
): CatalogNode {
  return {
    name,
    address: '10.0.0.1',
    services: services.map(([id, service, ...tags]) => ({ id, name: service, tags, kind: '' })),
    gossip: 'alive',
    failing: [],
    isServer: false,
    ...more,
  };
}

const consul: ServiceInstance = {
  id: 'consul',
  name: 'consul',
  tags: [],
  kind: '',
  catalogOnly: true,
};
const sidecar: ServiceInstance = {
  id: 'pg-sidecar-proxy',
  name: 'db-sidecar-proxy',
  tags: [],
  kind: 'connect-proxy',
};

const FLEET: readonly CatalogNode[] = [
  node('srv-1', [], { services: [consul], isServer: true }),
  node('web1', [['nginx-1', 'web', 'primary', 'v1']]),
  node('web2', [['nginx-2', 'web', 'secondary', 'v10']], { failing: ['disk'] }),
  node('web10', [['web', 'frontend', 'v1']]),
  node('web11', [
    ['api-1', 'api', 'blue'],
    ['api-2', 'api', 'green'],
  ]),
  node('db.1', [['pg', 'db']]),
  node('dbx1', [], { services: [sidecar] }),
  node('gone', [['nginx-9', 'web']], { gossip: 'failed' }),
  node('ext', [['nginx-ext', 'web']], { gossip: 'absent' }),
];

/** The hazards in short: kind (and what of it), nodes, and what the fix reaches. */
function short(filters: EventFilters): string[] {
  return findHazards(FLEET, filters, ROOM).map((hazard) => {
    const fixed = hazard.fix && findTargets(FLEET, hazard.fix).reached.map(({ name }) => name);
    const detail = detailOf(hazard);
    return [
      detail ? `${hazard.kind} ${detail}` : hazard.kind,
      hazard.nodes.join(' '),
      ...(fixed ? [`${JSON.stringify(hazard.fix)} reaches ${fixed.join(' ')}`] : []),
    ].join(': ');
  });
}

function detailOf(hazard: Hazard): string {
  switch (hazard.kind) {
    case 'nobody':
      return hazard.cause;
    case 'wider':
      return `${hazard.field} ${hazard.meant.join(' ')} + ${hazard.beyond.join(' ')}`;
    case 'unreachable':
      return hazard.why;
    case 'sidecars':
      return `${hazard.ids.join(' ')} (only ${hazard.only.join(' ')})`;
    default:
      return '';
  }
}

const CASES: readonly (readonly [what: string, EventFilters, string[]])[] = [
  ['an anchored name', { node: '^web1$' }, []],
  [
    'an unanchored name',
    { node: 'web1' },
    ['wider node web1 + web10 web11: web10 web11: {"node":"^web1$"} reaches web1'],
  ],
  [
    'a half anchored name',
    { node: '^web1' },
    ['wider node web1 + web10 web11: web10 web11: {"node":"^web1$"} reaches web1'],
  ],
  [
    'anchors that bind to one alternative each',
    { node: '^web1|db\\.1$' },
    [
      'wider node web1 db.1 + web10 web11: web10 web11: {"node":"^(?:web1|db\\\\.1)$"} reaches web1 db.1',
    ],
  ],
  [
    'a dot that stands for any character',
    { node: '^db.1$' },
    ['wider node db.1 + dbx1: dbx1: {"node":"^db\\\\.1$"} reaches db.1'],
  ],
  [
    'an expression that fits whole names and more',
    { node: 'web[13]' },
    ['wider node web1 + web10 web11: web10 web11: {"node":"^(?:web[13])$"} reaches web1'],
  ],
  ['a beginning that is no whole name', { node: '^web1[01]' }, []],
  ['a failing node', { node: '^web2$' }, ['failing: web2']],
  ['a server', { node: '^srv-1$' }, ['servers: srv-1']],
  ['a service by ID', { service: '^nginx-1$' }, ['idsNotNames: web1']],
  [
    'a service name that is another service’s ID',
    { service: '^web$' },
    [
      'idsNotNames: web10',
      'namesNotIds: web1 web2: {"service":"^(?:nginx-[12]|web)$"} reaches web1 web2 web10',
    ],
  ],
  [
    'a tag without anchors',
    { service: '^nginx-', tag: 'v1' },
    [
      'wider tag v1 + v10: web2: {"service":"^nginx-","tag":"^v1$"} reaches web1',
      'idsNotNames: web1 web2',
      'failing: web2',
    ],
  ],
  [
    'a sidecar proxy',
    { service: '^pg' },
    [
      'wider service pg + pg-sidecar-proxy: dbx1: {"service":"^pg$"} reaches db.1',
      'idsNotNames: db.1',
      'sidecars pg-sidecar-proxy (only dbx1): dbx1: {"service":"^pg$"} reaches db.1',
    ],
  ],
  [
    'a service by name',
    { service: '^db$' },
    ['nobody serviceNames: db.1: {"service":"^pg$"} reaches db.1'],
  ],
  [
    'a service by name and tag',
    { service: 'frontend', tag: '^v1$' },
    ['nobody serviceNames: web10: {"service":"^web$","tag":"^v1$"} reaches web10'],
  ],
  [
    'the servers’ own service',
    { service: '^consul$' },
    ['nobody catalogOnly: srv-1: {"node":"^srv-1$"} reaches srv-1'],
  ],
  [
    'a tag on another instance',
    { service: '^api-1$', tag: 'green' },
    ['nobody tagElsewhere: web11'],
  ],
  ['a tag that nothing has', { service: '^nginx', tag: 'x' }, ['nobody tag: ']],
  ['a service that nothing has', { service: 'x9' }, ['nobody service: ']],
  [
    'a service in the wrong case',
    { service: 'NGINX-1' },
    ['nobody serviceCase: web1: {"service":"(?i)NGINX-1"} reaches web1'],
  ],
  ['a node that is not there', { node: 'x9' }, ['nobody node: ']],
  [
    'a node in the wrong case',
    { node: '^WEB2$' },
    ['nobody nodeCase: web2: {"node":"(?i)^WEB2$"} reaches web2'],
  ],
  ['filters that fit apart', { node: '^db', service: '^nginx-1$' }, ['nobody apart: ']],
  ['a failed node', { node: '^gone$' }, ['nobody unreachable: gone', 'unreachable failed: gone']],
  [
    'a node without an agent among others',
    { service: '^nginx-(1|ext)$' },
    ['idsNotNames: web1', 'unreachable noAgent: ext'],
  ],
];

describe('hazards of typed filters', () => {
  for (const [what, filters, expected] of CASES) {
    test(`${what}: ${JSON.stringify(filters)}`, () => {
      assert.deepEqual(short(filters), expected);
    });
  }

  test('filters that hold nobody back are told', () => {
    const [first] = findHazards(FLEET, { node: '.' }, ROOM);
    assert.equal(first?.kind, 'everybody');
    assert.equal(first.nodes.length, 7);
  });

  test('an empty catalog is told apart from filters that fit nobody', () => {
    const [first] = findHazards([], { node: '.' }, ROOM);
    assert.ok(first?.kind === 'nobody' && first.cause === 'emptyCatalog');
  });

  test('a proposal too long for an event is written by the service’s name, if that is as exact', () => {
    const many = Array.from({ length: 500 }, (_, i) =>
      node(`n${i}`, [[`shop-${(i * 7919) % 100_000}`, 'shop']]),
    );
    const [hazard] = findHazards(many, { service: '^shop$' }, ROOM);
    assert.equal(hazard?.fix?.service, '^(?:shop)[-_.:]?[0-9]+$');
  });

  test('a sentence about one node reads like one', () => {
    for (const name of ['web2', 'gone', 'ext']) {
      const alone = FLEET.filter((one) => one.name === name);
      for (const [, filters] of CASES) {
        for (const hazard of findHazards(alone, filters, ROOM)) {
          assert.doesNotMatch(describeHazard(hazard), /\bthey\b|\bwhich run\b/);
        }
      }
    }
  });

  test('names are shown safely in every sentence', () => {
    const evil = FLEET.map((one) => ({ ...one, name: `${one.name}\u202e\u001b[31m` }));
    for (const [, filters] of CASES) {
      for (const hazard of findHazards(evil, filters, ROOM)) {
        assert.doesNotMatch(describeHazard(hazard), /[\p{Cc}\p{Cf}]/u);
      }
    }
  });
});
