import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlacedEvent } from '../../../event/codec.ts';
import { minute, start } from '../where.suite.ts';
import { untoldRuns } from '../untold.ts';
import { lookIn } from './evidence.ts';
import { LookingWorld, blind, found, listener, nobody } from './evidence.suite.ts';
import { impressionOf } from './contradiction.ts';
import { tellChannels } from './words.ts';

const self = (...versions: (string | null)[]) =>
  found(
    versions.map((version, i) => ({
      slot: `${i + 1}`,
      port: i + 1,
      version,
      error: version === null ? 'it did not answer in time' : null,
    })),
  );
const os = (...listeners: Parameters<typeof found>[0][]) => found(listeners as never);
const server = (port: number, version: string | null, admin = 'ready', check = 'up') => ({
  server: `s${port}`,
  port,
  admin,
  check,
  version,
});

/** Told 2 an hour ago. */
function told(): LookingWorld {
  const world = new LookingWorld();
  world.report('finished', '1', -2 * 60 * minute);
  world.report('finished', '2', -60 * minute);
  return world;
}

describe('the verdict', () => {
  test('verified by each channel that agrees, with the age of what was seen', () => {
    const world = told();
    world.look(0, {
      self: self('2', '2'),
      os: os(listener(1, '2'), listener(2, '2')),
      front: found({ samples: 20, shares: { '2': 1 } }),
      disk: found([{ version: '2', changed: [], missing: [], added: [] }]),
      schema: found([{ db: 'orders', drift: [], applied: 3 }]),
      config: found([{ slot: '1', running: 'sha256:a', expected: 'sha256:a' }]),
      balancer: found([server(1, '2'), server(2, '2')]),
    });
    expect(world.judge(12_000)).toMatchObject({
      verdict: 'verified',
      because: '2 instances run the told version, by S+O+D+F+M+C+B',
      age: 12_000,
      channels: ['S', 'O', 'D', 'F', 'M', 'C', 'B'],
      findings: [],
    });
  });

  test('older than three intervals is claimed again, and says why', () => {
    const world = told();
    world.look(0, { self: self('2') });
    expect(world.judge(30_000).verdict).toBe('verified');
    expect(world.judge(30_001)).toMatchObject({
      verdict: 'claimed',
      because: 'claimed 2, unverified: nobody has looked lately',
    });
  });

  test('a runner that can not look: what it saw counts while it is fresh, then it is unknown', () => {
    const world = told();
    world.look(0, { self: self('2') });
    for (const at of [10_000, 20_000, 30_000, 40_000])
      world.look(at, { self: blind('timed out'), os: blind('no route to host') });
    expect(world.judge(25_000)).toMatchObject({ verdict: 'verified', age: 25_000 });
    expect(world.judge(40_000)).toMatchObject({
      verdict: 'unknown',
      because: 'box could not look: no route to host',
    });
  });

  test('S and O outrank what was told, and S what O sees', () => {
    const world = told();
    world.look(0, { self: self('1'), os: os(listener(1, '1', { ours: false })) });
    expect(world.judge(0)).toMatchObject({ verdict: 'contradicted', because: 'told 2, runs 1' });
    const other = told();
    other.look(0, { self: self('2'), os: os(listener(1, '1')) });
    expect(other.judge(0)).toMatchObject({
      verdict: 'verified',
      channels: ['S'],
      findings: [{ kind: 'disagrees', text: '1 says 2, and runs from the folder of 1' }],
    });
  });

  test('mixed by what customers get, by instances where the front tells less', () => {
    const world = told();
    const both = { self: self('1', '2'), os: os(listener(1, '1'), listener(2, '2')) };
    world.look(0, { ...both, front: found({ samples: 20, shares: { '1': 0.7, '2': 0.3 } }) });
    expect(world.judge(0).because).toBe('mixed 1 70 % / 2 30 %; told 2');
    world.look(10_000, { ...both, front: found({ samples: 20, shares: { '2': 1 } }) });
    expect(world.judge(10_000).because).toBe('mixed 1 50 % / 2 50 %; told 2');
    const through = told();
    through.look(0, {
      self: self('2'),
      front: found({ samples: 20, shares: { '1': 0.5, '2': 0.5 } }),
    });
    expect(through.judge(0)).toMatchObject({ verdict: 'mixed' });
  });

  test('old instances that are kept for the way back do not count while nobody is sent there', () => {
    const world = told();
    world.look(0, {
      self: self('1', '2'),
      os: os(listener(1, '1'), listener(2, '2')),
      balancer: found([server(1, '1', 'maint'), server(2, '2')]),
    });
    expect(world.judge(0)).toMatchObject({ verdict: 'verified', findings: [] });
  });

  test('nothing listens where something should', () => {
    const world = told();
    world.look(0, { os: os(nobody(1), nobody(3, 'down')) });
    expect(world.judge(0)).toMatchObject({
      verdict: 'contradicted',
      because: 'told 2, and nothing listens on its ports',
      findings: [{ kind: 'down', level: 'critical' }],
    });
    world.hear({
      type: 'dev.cdevents.service.removed.0.3.0',
      service: 'shop',
      environment: 'production',
      time: start + 1000,
    });
    expect(world.judge(1000).verdict).not.toBe('verified');
    world.look(20_000, { os: os(nobody(1, 'up')) });
    expect(world.judge(20_000)).toMatchObject({ verdict: 'verified' });
  });

  test('a look of before the deploy says nothing of it', () => {
    const world = told();
    world.look(0, { self: self('2') });
    world.report('finished', '3', 1_000);
    expect(world.judge(2_000)).toMatchObject({ verdict: 'claimed' });
    world.look(4_000, { self: self('2') });
    expect(world.judge(4_000)).toMatchObject({ verdict: 'claimed' });
    world.look(12_000, { self: self('2') });
    expect(world.judge(12_000)).toMatchObject({
      verdict: 'contradicted',
      because: 'told 3, runs 2',
    });
  });

  test('telemetry speaks where nobody looks', () => {
    const world = told();
    world.see('a', '2', 0);
    world.look(0, { self: blind('x'), os: blind('y') });
    expect(world.judge(0)).toMatchObject({ verdict: 'verified', channels: ['S'] });
  });

  test('two hosts, each with its runner, are one lane', () => {
    const world = told();
    world.look(0, { self: self('2') }, 'box-1');
    world.look(0, { self: self('1') }, 'box-2');
    expect(world.judge(0)).toMatchObject({ verdict: 'mixed' });
  });

  test('whatever is blind or stale, silence is never verified', () => {
    const channel = fc.constantFrom('self', 'os', 'front', 'disk', 'schema', 'config', 'balancer');
    fc.assert(
      fc.property(fc.array(channel), fc.integer({ min: 0, max: 100_000 }), (channels, after) => {
        const world = told();
        world.look(0, Object.fromEntries(channels.map((one) => [one, blind('x')])));
        expect(world.judge(after).verdict).not.toBe('verified');
      }),
    );
  });
});

describe('findings beside the verdict', () => {
  const one = (seen: Parameters<LookingWorld['look']>[1]): string[] => {
    const world = told();
    world.look(0, { self: self('2'), os: os(listener(1, '2')), ...seen });
    return world.judge(0).findings.map(({ level, text }) => `${level}: ${text}`);
  };

  test.each([
    [
      'a file that is edited in place',
      {
        disk: found([
          { version: '2', changed: ['a', 'b', 'c', 'd'], missing: ['e'], added: ['tmp/'] },
        ]),
      },
      [
        'critical: disk differs in 2: a, b, c and 1 more',
        'critical: files are missing in 2: e',
        'note: beside the files of 2: tmp/',
      ],
    ],
    [
      'of what is kept for the way back',
      { disk: found([{ version: '1', changed: [], missing: [], added: [], gone: true }]) },
      ['warning: files gone: there is no way back to 1'],
    ],
    [
      'a folder that was renamed, with another in its place',
      { os: os(listener(1, '2', { gone: true, cwd: '/artefacts/2-moved/files' })) },
      [
        'critical: files gone: 1 can not be restarted; the folder that 2 runs from was removed or renamed',
      ],
    ],
    [
      'the schema',
      {
        schema: found([
          { db: 'orders', drift: [{ kind: 'unknown', id: '7', text: '7 is not known' }] },
        ]),
      },
      ['warning: schema drift in orders: 7 is not known'],
    ],
    [
      'the configuration',
      { config: found([{ slot: '1', running: null, expected: 'x', differ: ['PAGE_SIZE'] }]) },
      ['warning: config differs on 1: PAGE_SIZE'],
    ],
    [
      'where the balancer sends',
      {
        balancer: found([
          server(1, '2'),
          server(9, '1'),
          server(8, null),
          server(7, '2', 'ready', 'down'),
        ]),
      },
      [
        'critical: the balancer sends to an old instance: s9 on port 9 runs 1',
        'warning: the balancer sends to s8 on port 8, where no release runs',
        'warning: the balancer’s check of s7 on port 7 fails',
      ],
    ],
    [
      'a stranger',
      {
        self: self(null),
        os: os(listener(1, null, { ours: false, exe: '/usr/bin/python3', pid: 7 })),
      },
      [
        'critical: a foreign process is on port 1: 7 (python3)',
        'critical: 1 on port 1 tells no version: it did not answer in time',
      ],
    ],
    [
      'answers at the front that tell nothing',
      { front: found({ samples: 15, shares: { '2': 1 }, errors: 5 }) },
      ['warning: of 20 requests through the front 5 told no version'],
    ],
  ])('%s', (_, seen, texts) => {
    expect(one(seen as never)).toEqual(texts);
  });
});

test('what nobody told of is found by looking, too', () => {
  const world = told();
  world.look(0, { self: self('9') });
  expect(untoldRuns(world.known(0)).map(({ version }) => version)).toEqual(['9']);
});

test('an impression: of what contradicts and of what agrees, and of nothing while a deploy runs', () => {
  const world = told();
  const impression = (after: number) => impressionOf(world.judge(after), world.known(after));
  expect(impression(0)).toBeUndefined();
  world.look(0, { self: self('2') });
  expect(impression(0)).toMatchObject({ happened: 'agreed', time: start });
  world.look(10_000, { self: self('1') });
  const first = impression(10_000);
  expect(first).toMatchObject({ happened: 'contradicted' });
  world.look(20_000, { self: self('1') });
  expect(impression(20_000)?.key).toBe(first?.key);
  world.report('started', '3', 21_000);
  expect(impression(22_000)).toBeUndefined();
  // A pipeline that never told how it ended does not silence this for ever.
  const later = 25 * 60 * minute;
  world.look(later, { self: self('1') });
  expect(impression(later)).toMatchObject({ happened: 'contradicted' });
});

test('channel by channel in words, with what could not be looked at', () => {
  const world = told();
  world.look(0, { self: self('2', null), os: blind('no /proc here') });
  const [watched] = world.looks.all();
  const words = watched ? tellChannels(watched, undefined, start) : [];
  expect(words.map(({ channel, word, lines }) => [channel, word, lines]).slice(0, 2)).toEqual([
    ['S', 'differs', ['1 on port 1 says 2', '2 on port 2: it did not answer in time']],
    ['O', 'blind', ['no /proc here']],
  ]);
});

test('a reading that is no look, or not in its shape, is none', () => {
  const event: PlacedEvent = {
    id: 'x',
    type: 'evidence',
    source: '/tokens/x',
    time: start,
    received: start,
    stream: 'readings',
    offset: 1,
  };
  expect(lookIn(event)).toBeUndefined();
  expect(lookIn({ ...event, data: { app: 'shop' } })).toBeUndefined();
  fc.assert(
    fc.property(fc.jsonValue(), (data) => lookIn({ ...event, data: data as never }) === undefined),
  );
});
