import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAddressLike } from '../../../src/consul/endpoint/addressLike.ts';

test('an address is recognized where a name is expected', () => {
  for (const address of [
    'http://consul.example:8500',
    'HTTPS://consul.example',
    'unix:///run/consul.sock',
    'htp://nowhere',
    ' 127.0.0.1 ',
    '10.0.0.1:8500',
    '[::1]:8500',
    '::1',
    'fe80::1',
    'localhost:8500',
    'consul.example.com:8501/prefix',
  ]) {
    assert.ok(isAddressLike(address), address);
  }
});

test('names of connections are no addresses', () => {
  for (const name of [
    'staging',
    'dc1',
    'consul.example.com',
    'eu: production',
    'team:web',
    'v1.2.3',
    'production 2',
    'a/b',
    'shift 9:30',
  ]) {
    assert.ok(!isAddressLike(name), name);
  }
});
