import { describe, expect, test } from 'vitest';
import type { Manifest } from '../manifest/manifest.ts';
import { readManifest } from '../manifest/read.ts';
import { assemble } from './assemble.ts';
import { readRelease, writeRelease } from './canonical.ts';
import { deliveryOf } from './delivery.ts';
import type { Release } from './release.ts';

function manifestOf(text: string): Manifest {
  const { manifest, faults } = readManifest('territory.yaml', text);
  if (!manifest) throw new Error(JSON.stringify(faults));
  return manifest;
}

const said = `app: shop
type: node
start: node dist/server.js
port: 3009
health: {ready: /ready, version: /ready#version}
owner: team-checkout
database: {orders-db: {migrations: migrations}, cache: {}}
strategy: {kind: blue-green, settle: 45s, drain: 2m, keep-old: 15m}
promote: {order: [staging, production], auto: [staging]}
windows: [{allow: "Mon-Thu 09:30-17:00", tz: Europe/London}]
`;

function releaseOf(text: string): Release {
  const source = {
    repo: 'file:///a',
    path: '',
    commit: 'a',
    tree: 'b',
    tag: 'v1',
    builtBy: 'me',
    builtAt: 'now',
    previous: null,
    dirty: false,
  } as const;
  const manifest = manifestOf(text);
  const file = { path: 'a', mode: '100644', size: 1, sha256: 'a'.repeat(64) } as const;
  const parts = { manifest, version: 'v1', source, texts: new Map(), previous: [] };
  const { release } = assemble({ ...parts, files: [file] });
  if (!release) throw new Error('not a release');
  return release;
}

describe('how an artefact is brought to run', () => {
  test('as its manifest says it', () => {
    expect(deliveryOf(manifestOf(said))).toEqual({
      type: 'node',
      start: 'node dist/server.js',
      port: 3009,
      health: { ready: '/ready', version: '/ready#version' },
      owner: 'team-checkout',
      strategy: { kind: 'blue-green', settle: 45, drain: 120, keepOld: 900 },
      promote: { order: ['staging', 'production'], auto: ['staging'] },
      windows: [{ kind: 'allow', when: 'Mon-Thu 09:30-17:00', tz: 'Europe/London' }],
      databases: [
        { name: 'orders-db', migrations: 'migrations' },
        { name: 'cache', migrations: null },
      ],
    });
  });

  test.each([
    ['app: shop\n', { kind: 'restart', settle: 10, drain: 30, keepOld: null }],
    [
      'app: shop\nstrategy: {settle: 0s}\n',
      { kind: 'restart', settle: 0, drain: 30, keepOld: null },
    ],
    [
      'app: shop\nstrategy: {kind: rolling}\n',
      { kind: 'rolling', settle: 10, drain: 30, keepOld: null },
    ],
  ])('%s leaves the rest to what holds unless said', (text, strategy) => {
    expect(deliveryOf(manifestOf(text))).toEqual({
      type: 'bare',
      start: null,
      port: null,
      health: { ready: null, version: null },
      owner: null,
      strategy,
      promote: { order: [], auto: [] },
      windows: [],
      databases: [],
    });
  });

  test('is part of release.json and no part of the digest', () => {
    const [plain, full] = [
      releaseOf('app: shop\n'),
      releaseOf(said.replaceAll(/^database.*$/gm, '')),
    ];
    expect(full.delivery?.strategy.kind).toBe('blue-green');
    expect(full.digest).toBe(plain.digest);
    expect(writeRelease(releaseOf('app: shop\n'))).toBe(writeRelease(plain));
  });

  test('a release.json of before, without it, is read as it is', () => {
    const { delivery, ...before } = releaseOf('app: shop\n');
    expect(delivery).toBeDefined();
    const text = writeRelease(before);
    expect(readRelease(text).release).toEqual(before);
    expect(text).not.toContain('delivery');
  });
});
