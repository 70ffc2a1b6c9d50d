import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EventFilters } from '../../../src/consul/event.ts';
import type { CatalogNode, ServiceInstance } from '../../../src/consul/catalog/catalogNode.ts';
import {
  type TargetSelection,
  selectTargets,
  describeSelection,
  ALL_NODES,
  type FieldSelection,
} from '../../../src/exec/targeting/targetSelection.ts';
import { selectionOf } from './selectionOf.ts';
import { findHazards } from '../../../src/exec/hazards/findHazards.ts';
import type { Hazard } from '../../../src/exec/hazards/hazard.ts';
import { hazardMessage } from '../../../src/exec/hazards/hazardMessage.ts';

const BUDGET = 332;

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

/** The hazards in short: kind and detail, nodes, and what the fix reaches. */
function short(filters: EventFilters): string[] {
  return shortOf(FLEET, selectionOf(filters));
}

function shortOf(nodes: readonly CatalogNode[], selection: TargetSelection): string[] {
  return findHazards(nodes, selection, BUDGET).map((hazard) => {
    const { kind, fix } = hazard;
    const detail = detailOf(hazard);
    return [
      detail ? `${kind} ${detail}` : kind,
      names(hazard.nodes),
      ...(fix
        ? [`${describeSelection(fix)} reaches ${names(selectTargets(fix, nodes).reached)}`]
        : []),
    ].join(': ');
  });
}

function names(nodes: readonly CatalogNode[]): string {
  return nodes.map(({ name }) => name).join(' ');
}

const matching = (expression: string): FieldSelection => ({ kind: 'matching', expression });
const exactly = (...texts: string[]): FieldSelection => ({ kind: 'exactly', names: texts });

function detailOf(hazard: Hazard): string {
  switch (hazard.kind) {
    case 'noMatch':
      return hazard.reason;
    case 'wider':
      return `${hazard.field} ${hazard.intended.join(' ')} + ${hazard.unintended.join(' ')}`;
    case 'unreachable':
      return hazard.reason;
    case 'sidecars':
      return `${hazard.ids.join(' ')} (only ${names(hazard.onlyThroughProxies)})`;
    case 'notation':
      return `${hazard.notation} ${hazard.named.join(' ')}`;
    default:
      return '';
  }
}

const CASES: readonly (readonly [what: string, EventFilters, string[]])[] = [
  ['an anchored name', { node: '^web1$' }, []],
  [
    'an unanchored name',
    { node: 'web1' },
    [
      'wider node web1 + web10 web11: web10 web11: any service · nodes matching /^web1$/ reaches web1',
    ],
  ],
  [
    'a half anchored name',
    { node: '^web1' },
    [
      'wider node web1 + web10 web11: web10 web11: any service · nodes matching /^web1$/ reaches web1',
    ],
  ],
  [
    'anchors that bind to one alternative each',
    { node: '^web1|db\\.1$' },
    [
      'wider node web1 db.1 + web10 web11: web10 web11: any service · nodes matching /^(?:db\\.1|web1)$/ reaches web1 db.1',
    ],
  ],
  [
    'a dot that stands for any character',
    { node: '^db.1$' },
    ['wider node db.1 + dbx1: dbx1: any service · nodes matching /^db\\.1$/ reaches db.1'],
  ],
  [
    'an expression that matches whole names and more',
    { node: 'web[13]' },
    [
      'wider node web1 + web10 web11: web10 web11: any service · nodes matching /^(?:web[13])$/ reaches web1',
    ],
  ],
  ['a beginning that is not a whole name', { node: '^web1[01]' }, []],
  [
    'a wildcard',
    { node: 'w*1' },
    [
      'notation wildcard web1 web11: srv-1 web10 db.1 dbx1: any service · 2 nodes reaches web1 web11',
      'servers: srv-1',
    ],
  ],
  [
    'a range that is also a character class',
    { node: 'web[1-10]' },
    [
      'notation range web1 web2 web10: web11 web2: any service · 3 nodes reaches web1 web2 web10',
      'wider node web1 + web10 web11: web10 web11: any service · nodes matching /^(?:web[1-10])$/ reaches web1',
    ],
  ],
  [
    'a range that means what whole names would',
    { node: 'web[1-2]' },
    [
      'wider node web1 web2 + web10 web11: web10 web11: any service · nodes matching /^(?:web[1-2])$/ reaches web1 web2',
      'failing: web2',
    ],
  ],
  [
    'a list, which matches no name',
    { node: 'web1,web10' },
    ['noMatch nodeNotation: web1 web10: any service · 2 nodes reaches web1 web10'],
  ],
  ['a failing node', { node: '^web2$' }, ['failing: web2']],
  ['a server', { node: '^srv-1$' }, ['servers: srv-1']],
  ['a service by ID', { service: '^nginx-1$' }, ['idsNotNames: web1']],
  [
    "a service name that is another service's ID",
    { service: '^web$' },
    [
      'idsNotNames: web10',
      'namesNotIds: web1 web2: services frontend, web reaches web1 web2 web10',
    ],
  ],
  [
    'a tag without anchors',
    { service: '^nginx-', tag: 'v1' },
    [
      'wider tag v1 + v10: web2: service /^nginx-/ · tag /^v1$/ reaches web1',
      'idsNotNames: web1 web2',
      'failing: web2',
    ],
  ],
  [
    'a sidecar proxy',
    { service: '^pg' },
    [
      'wider service pg + pg-sidecar-proxy: dbx1: service /^pg$/ reaches db.1',
      'idsNotNames: db.1',
      'sidecars pg-sidecar-proxy (only dbx1): dbx1: service db reaches db.1',
    ],
  ],
  [
    'a service by name',
    { service: '^db$' },
    ['noMatch serviceNames: db.1: service db reaches db.1'],
  ],
  [
    'a service by name and tag',
    { service: 'frontend', tag: '^v1$' },
    ['noMatch serviceNames: web10: service frontend · tag /^v1$/ reaches web10'],
  ],
  [
    "the servers' own service",
    { service: '^consul$' },
    ['noMatch catalogOnly: srv-1: service consul reaches srv-1'],
  ],
  [
    'a tag on another instance',
    { service: '^api-1$', tag: 'green' },
    ['noMatch tagElsewhere: web11'],
  ],
  ['a tag that nothing has', { service: '^nginx', tag: 'x' }, ['noMatch tag: ']],
  ['a service that nothing has', { service: 'x9' }, ['noMatch service: ']],
  [
    'a service in the wrong case',
    { service: 'NGINX-1' },
    ['noMatch serviceCase: web1: service /(?i)NGINX-1/ reaches web1'],
  ],
  ['a node that is not there', { node: 'x9' }, ['noMatch node: ']],
  [
    'a node in the wrong case',
    { node: '^WEB2$' },
    ['noMatch nodeCase: web2: any service · nodes matching /(?i)^WEB2$/ reaches web2'],
  ],
  [
    "the servers' own service on one of the servers",
    { service: 'consul', node: '^srv-1$' },
    ['noMatch catalogOnly: srv-1: service consul · nodes matching /^srv-1$/ reaches srv-1'],
  ],
  [
    "the servers' own service on a node that is not a server",
    { service: 'consul', node: '^web1$' },
    ['noMatch apart: '],
  ],
  [
    "the servers' own service with a tag that it does not have",
    { service: 'consul', tag: 'voter' },
    ['noMatch apart: '],
  ],
  [
    'a name that belongs to a failed node',
    { node: 'gone' },
    ['noMatch unreachable: gone', 'unreachable failed: gone'],
  ],
  ['filters that match only apart', { node: '^db', service: '^nginx-1$' }, ['noMatch apart: ']],
  ['a failed node', { node: '^gone$' }, ['noMatch unreachable: gone', 'unreachable failed: gone']],
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

  test('filters that exclude no node are reported', () => {
    const [first] = findHazards(FLEET, selectionOf({ node: '.' }), BUDGET);
    assert.equal(first?.kind, 'everyNode');
    assert.equal(first.nodes.length, 7);
  });

  test('an empty catalog is distinguished from filters that match no node', () => {
    const [first] = findHazards([], selectionOf({ node: '.' }), BUDGET);
    assert.ok(first?.kind === 'noMatch' && first.reason === 'emptyCatalog');
  });

  test('a name is proposed even if its IDs exceed the event budget', () => {
    const many = Array.from({ length: 500 }, (_, i) =>
      node(`n${i}`, [[`shop-${(i * 7919) % 100_000}`, 'shop']]),
    );
    const [hazard] = findHazards(many, selectionOf({ service: '^shop$' }), BUDGET);
    assert.deepEqual(hazard?.fix, { ...ALL_NODES, service: exactly('shop') });
    assert.equal(selectTargets(hazard.fix, many).reached.length, 500);
  });

  test('a sentence about one node reads like one', () => {
    for (const name of ['web2', 'gone', 'ext']) {
      const alone = FLEET.filter((candidate) => candidate.name === name);
      for (const [, filters] of CASES) {
        for (const hazard of findHazards(alone, selectionOf(filters), BUDGET)) {
          assert.doesNotMatch(hazardMessage(hazard), /\bthey\b|\bwhich run\b/);
        }
      }
    }
  });

  test('names are shown safely in every sentence', () => {
    const evil = FLEET.map((original) => ({
      ...original,
      name: `${original.name}\u202e\u001b[31m`,
    }));
    for (const [, filters] of CASES) {
      for (const hazard of findHazards(evil, selectionOf(filters), BUDGET)) {
        assert.doesNotMatch(hazardMessage(hazard), /[\p{Cc}\p{Cf}]/u);
      }
    }
  });
});

describe('hazards of a selection from lists with an expression', () => {
  for (const [what, selection, expected] of [
    // It is sent as IDs or node names, so how agents match a name does not matter.
    [
      'a service under other IDs',
      { service: exactly('web'), node: matching('^web[12]$') },
      ['failing: web2'],
    ],
    [
      "the servers' own service",
      { service: exactly('consul'), node: matching('^srv') },
      ['servers: srv-1'],
    ],
    ['a tag on another service', { service: exactly('api'), tag: matching('blue') }, []],
    [
      'an unanchored node name, whose fix keeps the service',
      { service: exactly('web', 'frontend'), node: matching('web1') },
      [
        'wider node web1 + web10 web11: web10: services web, frontend · nodes matching /^web1$/ reaches web1',
      ],
    ],
    [
      'an unanchored tag, whose fix keeps the service',
      { service: exactly('web'), tag: matching('v1') },
      ['wider tag v1 + v10: web2: service web · tag /^v1$/ reaches web1', 'failing: web2'],
    ],
    [
      'a tag that no instance of the service has',
      { service: exactly('web'), tag: matching('x') },
      ['noMatch tag: '],
    ],
    [
      'a node in the wrong case',
      { service: exactly('web'), node: matching('^WEB1$') },
      ['noMatch nodeCase: web1: service web · nodes matching /(?i)^WEB1$/ reaches web1'],
    ],
    [
      'a service that is on another node',
      { service: exactly('db'), node: matching('^web1$') },
      ['noMatch apart: '],
    ],
    [
      'a service that is gone',
      { service: exactly('old'), tag: matching('x') },
      ['noMatch apart: '],
    ],
    [
      'a service expression with a tag from the list',
      { service: matching('^api-1$'), tag: exactly('green') },
      ['noMatch tagElsewhere: web11'],
    ],
  ] as const satisfies readonly (readonly [
    string,
    Partial<TargetSelection>,
    readonly string[],
  ])[]) {
    test(what, () => {
      const hazards = shortOf(FLEET, { ...ALL_NODES, ...selection });
      // The review's rows show unreachable nodes as well.
      assert.deepEqual(
        hazards.filter((text) => !text.startsWith('unreachable')),
        expected,
      );
    });
  }
});

describe('proposals by the meaning of IDs on each node', () => {
  // As an orchestrator numbers them: an ID is unique only within its node.
  const fleet = [
    node('b1', [['1', 'db']]),
    node('c1', [['1', 'cache']]),
    node('c2', [['7', 'cache']]),
  ];

  test('an ID that another node has for something else is not proposed', () => {
    assert.deepEqual(shortOf(fleet, selectionOf({ service: '^cache$' })), [
      'noMatch serviceNames: c1 c2: service cache reaches c1 c2',
    ]);
  });

  test('nodes are proposed if neither names nor IDs are exact', () => {
    const proxy = { id: '1', name: 'cache', tags: [], kind: 'connect-proxy' };
    const nodes = [...fleet, node('p1', [], { services: [proxy] })];
    const [hazard] = findHazards(nodes, selectionOf({ service: '^[17]$' }), BUDGET).filter(
      ({ kind }) => kind === 'sidecars',
    );
    assert.deepEqual(hazard?.fix, { ...ALL_NODES, node: exactly('b1', 'c1', 'c2') });
  });

  test('a service name is recognized if its IDs begin with it', () => {
    const nodes = [
      node('a', [['web-0', 'web']]),
      node('b', [['web-1', 'web']]),
      node('c', [['web-admin-0', 'web-admin']]),
    ];
    assert.deepEqual(shortOf(nodes, selectionOf({ service: 'web' })), [
      'everyNode: a b c',
      'wider service web-0 web-1 + web-admin-0: c: service web reaches a b',
    ]);
  });
});

describe('a name whose node is unreachable', () => {
  for (const gossip of ['failed', 'absent'] as const) {
    test(`${gossip}: the job would run only on the others`, () => {
      const nodes = [node('web1', [], { gossip }), node('web10'), node('web11'), node('db')];
      const [wider, ...others] = shortOf(nodes, selectionOf({ node: 'web1' }));
      assert.equal(
        wider,
        'wider node web1 + web10 web11: web10 web11: any service · nodes matching /^web1$/ reaches ',
      );
      assert.match(others.join(), /^unreachable \w+: web1$/);
    });
  }

  test('a service on an unreachable node is intended, too', () => {
    const nodes = [
      node('a', [['api', 'api']], { gossip: 'failed' }),
      node('b', [['api-2', 'api2']]),
      node('c'),
    ];
    assert.match(
      shortOf(nodes, selectionOf({ service: 'api' })).join(),
      /^wider service api \+ api-2: b: /,
    );
  });
});

describe('several datacenters', () => {
  // Both have a web-1; only the second has a db-1.
  const dc1 = [node('web-1', [['1', 'web']]), node('web-10')];
  const dc2 = [node('web-1', [['1', 'db']]), node('db-1', [['2', 'web']])];
  const label = (member: CatalogNode) => `${member.name}@${dc1.includes(member) ? 'dc1' : 'dc2'}`;

  test('a fix holds in all of them', () => {
    // By IDs it would be ^1$ for the first, which means something else in the second.
    assert.deepEqual(shortOf([...dc1, ...dc2], selectionOf({ service: '^web$' })), [
      'noMatch serviceNames: web-1 db-1: service web reaches web-1 db-1',
    ]);
  });

  test('a node with a namesake in another datacenter is not proposed by name', () => {
    const proxy = { id: 'db-proxy', name: 'db-proxy', tags: [], kind: 'connect-proxy' };
    const nodes = [
      node('web-1', [['db', 'web']]),
      node('x', [], { services: [proxy] }),
      node('web-1', [['web', 'web']]),
      node('y', [['db', 'db']], { services: [{ ...proxy, id: 'db', kind: 'connect-proxy' }] }),
    ];
    const sidecars = findHazards(nodes, selectionOf({ service: '^db' }), BUDGET).find(
      ({ kind }) => kind === 'sidecars',
    );
    assert.ok(sidecars);
    assert.equal(sidecars.fix, undefined);
  });

  test('nodes are shown with their datacenter', () => {
    const hazard = findHazards([...dc1, ...dc2], selectionOf({ node: 'web-1' }), BUDGET).find(
      ({ kind }) => kind === 'wider',
    );
    assert.ok(hazard);
    assert.equal(hazardMessage(hazard, label), '"web-1" also matches web-10@dc1.');
  });
});
