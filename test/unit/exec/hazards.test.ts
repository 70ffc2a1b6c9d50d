import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EventFilters } from '../../../src/consul/event.ts';
import type { CatalogNode, ServiceInstance } from '../../../src/consul/catalogNode.ts';
import {
  type Choice,
  chosenTargets,
  describeChoice,
  EVERYTHING,
  type Pick,
} from '../../../src/exec/choice.ts';
import { choiceOf } from '../../../src/exec/choiceOf.ts';
import { findHazards } from '../../../src/exec/hazards/findHazards.ts';
import type { Hazard } from '../../../src/exec/hazards/hazard.ts';
import { describeHazard } from '../../../src/exec/hazards/wording.ts';

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
  return shortOf(FLEET, choiceOf(filters));
}

function shortOf(nodes: readonly CatalogNode[], choice: Choice): string[] {
  return findHazards(nodes, choice, ROOM).map((hazard) => {
    const { kind, fix } = hazard;
    const detail = detailOf(hazard);
    return [
      detail ? `${kind} ${detail}` : kind,
      names(hazard.nodes),
      ...(fix
        ? [`${describeChoice(fix)} reaches ${names(chosenTargets(fix, nodes).reached)}`]
        : []),
    ].join(': ');
  });
}

function names(nodes: readonly CatalogNode[]): string {
  return nodes.map(({ name }) => name).join(' ');
}

const matching = (expression: string): Pick => ({ kind: 'matching', expression });
const exactly = (...texts: string[]): Pick => ({ kind: 'exactly', names: texts });

function detailOf(hazard: Hazard): string {
  switch (hazard.kind) {
    case 'nobody':
      return hazard.cause;
    case 'wider':
      return `${hazard.field} ${hazard.meant.join(' ')} + ${hazard.beyond.join(' ')}`;
    case 'unreachable':
      return hazard.why;
    case 'sidecars':
      return `${hazard.ids.join(' ')} (only ${names(hazard.only)})`;
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
    'an expression that fits whole names and more',
    { node: 'web[13]' },
    [
      'wider node web1 + web10 web11: web10 web11: any service · nodes matching /^(?:web[13])$/ reaches web1',
    ],
  ],
  ['a beginning that is no whole name', { node: '^web1[01]' }, []],
  ['a failing node', { node: '^web2$' }, ['failing: web2']],
  ['a server', { node: '^srv-1$' }, ['servers: srv-1']],
  ['a service by ID', { service: '^nginx-1$' }, ['idsNotNames: web1']],
  [
    'a service name that is another service’s ID',
    { service: '^web$' },
    ['idsNotNames: web10', 'namesNotIds: web1 web2: service frontend, web reaches web1 web2 web10'],
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
    ['nobody serviceNames: db.1: service db reaches db.1'],
  ],
  [
    'a service by name and tag',
    { service: 'frontend', tag: '^v1$' },
    ['nobody serviceNames: web10: service frontend · tag /^v1$/ reaches web10'],
  ],
  [
    'the servers’ own service',
    { service: '^consul$' },
    ['nobody catalogOnly: srv-1: service consul reaches srv-1'],
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
    ['nobody serviceCase: web1: service /(?i)NGINX-1/ reaches web1'],
  ],
  ['a node that is not there', { node: 'x9' }, ['nobody node: ']],
  [
    'a node in the wrong case',
    { node: '^WEB2$' },
    ['nobody nodeCase: web2: any service · nodes matching /(?i)^WEB2$/ reaches web2'],
  ],
  [
    'the servers’ own service on one of the servers',
    { service: 'consul', node: '^srv-1$' },
    ['nobody catalogOnly: srv-1: service consul · nodes matching /^srv-1$/ reaches srv-1'],
  ],
  [
    'the servers’ own service on a node that is none',
    { service: 'consul', node: '^web1$' },
    ['nobody apart: '],
  ],
  [
    'the servers’ own service with a tag that it does not have',
    { service: 'consul', tag: 'voter' },
    ['nobody apart: '],
  ],
  [
    'a name that belongs to a failed node',
    { node: 'gone' },
    ['nobody unreachable: gone', 'unreachable failed: gone'],
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
    const [first] = findHazards(FLEET, choiceOf({ node: '.' }), ROOM);
    assert.equal(first?.kind, 'everybody');
    assert.equal(first.nodes.length, 7);
  });

  test('an empty catalog is told apart from filters that fit nobody', () => {
    const [first] = findHazards([], choiceOf({ node: '.' }), ROOM);
    assert.ok(first?.kind === 'nobody' && first.cause === 'emptyCatalog');
  });

  test('names are meant however many IDs they have, which no event has room for', () => {
    const many = Array.from({ length: 500 }, (_, i) =>
      node(`n${i}`, [[`shop-${(i * 7919) % 100_000}`, 'shop']]),
    );
    const [hazard] = findHazards(many, choiceOf({ service: '^shop$' }), ROOM);
    assert.deepEqual(hazard?.fix, { ...EVERYTHING, service: exactly('shop') });
    assert.equal(chosenTargets(hazard.fix, many).reached.length, 500);
  });

  test('a sentence about one node reads like one', () => {
    for (const name of ['web2', 'gone', 'ext']) {
      const alone = FLEET.filter((one) => one.name === name);
      for (const [, filters] of CASES) {
        for (const hazard of findHazards(alone, choiceOf(filters), ROOM)) {
          assert.doesNotMatch(describeHazard(hazard), /\bthey\b|\bwhich run\b/);
        }
      }
    }
  });

  test('names are shown safely in every sentence', () => {
    const evil = FLEET.map((one) => ({ ...one, name: `${one.name}\u202e\u001b[31m` }));
    for (const [, filters] of CASES) {
      for (const hazard of findHazards(evil, choiceOf(filters), ROOM)) {
        assert.doesNotMatch(describeHazard(hazard), /[\p{Cc}\p{Cf}]/u);
      }
    }
  });
});

describe('hazards of a choice from lists with an expression', () => {
  for (const [what, choice, expected] of [
    // It travels by IDs or by node names, so that what agents make of a name does not matter.
    [
      'a service under other IDs',
      { service: exactly('web'), node: matching('^web[12]$') },
      ['failing: web2'],
    ],
    [
      'the servers’ own service',
      { service: exactly('consul'), node: matching('^srv') },
      ['servers: srv-1'],
    ],
    ['a tag on another service', { service: exactly('api'), tag: matching('blue') }, []],
    [
      'an unanchored node name, whose fix keeps the service',
      { service: exactly('web', 'frontend'), node: matching('web1') },
      [
        'wider node web1 + web10 web11: web10: service web, frontend · nodes matching /^web1$/ reaches web1',
      ],
    ],
    [
      'an unanchored tag, whose fix keeps the service',
      { service: exactly('web'), tag: matching('v1') },
      ['wider tag v1 + v10: web2: service web · tag /^v1$/ reaches web1', 'failing: web2'],
    ],
    [
      'a tag that the service has nowhere',
      { service: exactly('web'), tag: matching('x') },
      ['nobody tag: '],
    ],
    [
      'a node in the wrong case',
      { service: exactly('web'), node: matching('^WEB1$') },
      ['nobody nodeCase: web1: service web · nodes matching /(?i)^WEB1$/ reaches web1'],
    ],
    [
      'a service that is elsewhere',
      { service: exactly('db'), node: matching('^web1$') },
      ['nobody apart: '],
    ],
    ['a service that is gone', { service: exactly('old'), tag: matching('x') }, ['nobody apart: ']],
    [
      'a service expression with a tag from the list',
      { service: matching('^api-1$'), tag: exactly('green') },
      ['nobody tagElsewhere: web11'],
    ],
  ] as const satisfies readonly (readonly [string, Partial<Choice>, readonly string[]])[]) {
    test(what, () => {
      const hazards = shortOf(FLEET, { ...EVERYTHING, ...choice });
      // Names on nodes that are away are told in the review's own rows as well.
      assert.deepEqual(
        hazards.filter((text) => !text.startsWith('unreachable')),
        expected,
      );
    });
  }
});

describe('proposals by what IDs mean at each node', () => {
  // As an orchestrator numbers them: an ID is unique on its own node only.
  const fleet = [
    node('b1', [['1', 'db']]),
    node('c1', [['1', 'cache']]),
    node('c2', [['7', 'cache']]),
  ];

  test('an ID that another node has for something else is not proposed', () => {
    assert.deepEqual(shortOf(fleet, choiceOf({ service: '^cache$' })), [
      'nobody serviceNames: c1 c2: service cache reaches c1 c2',
    ]);
  });

  test('nodes are proposed where neither name nor IDs say it', () => {
    const proxy = { id: '1', name: 'cache', tags: [], kind: 'connect-proxy' };
    const nodes = [...fleet, node('p1', [], { services: [proxy] })];
    const [hazard] = findHazards(nodes, choiceOf({ service: '^[17]$' }), ROOM).filter(
      ({ kind }) => kind === 'sidecars',
    );
    assert.deepEqual(hazard?.fix, { ...EVERYTHING, node: exactly('b1', 'c1', 'c2') });
  });

  test('a service is read by its name, when that is how its IDs begin', () => {
    const nodes = [
      node('a', [['web-0', 'web']]),
      node('b', [['web-1', 'web']]),
      node('c', [['web-admin-0', 'web-admin']]),
    ];
    assert.deepEqual(shortOf(nodes, choiceOf({ service: 'web' })), [
      'everybody: a b c',
      'wider service web-0 web-1 + web-admin-0: c: service web reaches a b',
    ]);
  });
});

describe('a name whose own node is away', () => {
  for (const gossip of ['failed', 'absent'] as const) {
    test(`${gossip}: it would run on the others alone`, () => {
      const nodes = [node('web1', [], { gossip }), node('web10'), node('web11'), node('db')];
      const [wider, ...rest] = shortOf(nodes, choiceOf({ node: 'web1' }));
      assert.equal(
        wider,
        'wider node web1 + web10 web11: web10 web11: any service · nodes matching /^web1$/ reaches ',
      );
      assert.match(rest.join(), /^unreachable \w+: web1$/);
    });
  }

  test('a service on a node that is away is what its expression means, too', () => {
    const nodes = [
      node('a', [['api', 'api']], { gossip: 'failed' }),
      node('b', [['api-2', 'api2']]),
      node('c'),
    ];
    assert.match(
      shortOf(nodes, choiceOf({ service: 'api' })).join(),
      /^wider service api \+ api-2: b: /,
    );
  });
});

describe('several datacenters', () => {
  // Both have a web-1; only the second has a db-1.
  const dc1 = [node('web-1', [['1', 'web']]), node('web-10')];
  const dc2 = [node('web-1', [['1', 'db']]), node('db-1', [['2', 'web']])];
  const label = (one: CatalogNode) => `${one.name}@${dc1.includes(one) ? 'dc1' : 'dc2'}`;

  test('a fix holds in all of them', () => {
    // By IDs it would be ^1$ for the first, which means something else in the second.
    assert.deepEqual(shortOf([...dc1, ...dc2], choiceOf({ service: '^web$' })), [
      'nobody serviceNames: web-1 db-1: service web reaches web-1 db-1',
    ]);
  });

  test('a node that has its like elsewhere is not proposed by its name', () => {
    const proxy = { id: 'db-proxy', name: 'db-proxy', tags: [], kind: 'connect-proxy' };
    const nodes = [
      node('web-1', [['db', 'web']]),
      node('x', [], { services: [proxy] }),
      node('web-1', [['web', 'web']]),
      node('y', [['db', 'db']], { services: [{ ...proxy, id: 'db', kind: 'connect-proxy' }] }),
    ];
    const sidecars = findHazards(nodes, choiceOf({ service: '^db' }), ROOM).find(
      ({ kind }) => kind === 'sidecars',
    );
    assert.ok(sidecars);
    assert.equal(sidecars.fix, undefined);
  });

  test('nodes are told with where they are', () => {
    const hazard = findHazards([...dc1, ...dc2], choiceOf({ node: 'web-1' }), ROOM).find(
      ({ kind }) => kind === 'wider',
    );
    assert.ok(hazard);
    assert.equal(
      describeHazard(hazard, label),
      '“web-1” also fits web-10, so web-10@dc1 would run too.',
    );
  });
});
