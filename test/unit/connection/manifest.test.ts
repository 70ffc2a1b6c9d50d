import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as v from 'valibot';
import { readProfile } from '../../../src/consul/connection/profile.ts';
import {
  type ConnectionProfile,
  PROFILE_COLORS,
  TOKEN_SOURCES,
} from '../../../src/consul/connection/profileSchema.ts';

const Fields = v.record(v.string(), v.looseObject({ enum: v.optional(v.array(v.string())) }));
const Connections = v.object({
  required: v.array(v.string()),
  additionalProperties: v.literal(false),
  properties: v.intersect([
    Fields,
    v.object({ tls: v.object({ additionalProperties: v.literal(false), properties: Fields }) }),
  ]),
});
const Manifest = v.object({
  contributes: v.object({
    configuration: v.object({
      properties: v.object({ 'consulExec.connections': v.object({ items: Connections }) }),
    }),
  }),
});

/** The compiler ensures that no field is missing here. */
const FULL: { [Field in keyof ConnectionProfile]-?: unknown } = {
  name: 'a',
  address: 'https://c:8501',
  prefix: '_rexec',
  wait: '2s',
  replicationWait: '0s',
  guard: true,
  timeLimit: '10m',
  outputEncoding: 'gbk',
  datacenter: 'dc1',
  tls: {
    caFile: '/ca',
    caPath: '/cas',
    clientCert: '/c',
    clientKey: '/k',
    serverName: 'server.dc1.consul',
    verify: true,
  } satisfies { [Field in keyof ConnectionProfile['tls']]-?: unknown },
  basicAuthUser: 'me',
  tokenSource: 'file',
  tokenFile: '/t',
  proxy: 'http://p:1',
  stale: true,
  production: true,
  rampWithoutAsking: true,
  lockSteps: true,
  assistantsCanPropose: true,
  color: 'red',
};

test('completion in settings offers exactly the fields of a profile', () => {
  assert.deepEqual(readProfile(FULL).mistakes, []);
  const manifest = v.parse(Manifest, JSON.parse(readFileSync('package.json', 'utf8')));
  const items = manifest.contributes.configuration.properties['consulExec.connections'].items;
  const { properties } = items;
  assert.deepEqual(items.required, ['name', 'address']);
  assert.deepEqual(Object.keys(properties).sort(), Object.keys(FULL).sort());
  assert.deepEqual(
    Object.keys(properties.tls.properties).sort(),
    Object.keys(FULL.tls as object).sort(),
  );
  assert.deepEqual(properties['tokenSource']?.enum, [...TOKEN_SOURCES]);
  assert.deepEqual(properties['color']?.enum, [...PROFILE_COLORS]);
});
