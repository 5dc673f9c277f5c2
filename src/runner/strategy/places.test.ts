import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BalancerServer } from '../balancer/balancer.ts';
import type { InstanceState } from '../instance/instance.ts';
import { planColours, planPorts, planServers, readPlan, type Spot, writePlan } from './places.ts';

/** `blue1 ready up`, and `*` behind it where an instance of ours runs, `!` where one should. */
function backend(lines: readonly string[]) {
  const servers: BalancerServer[] = [];
  const states: InstanceState[] = [];
  for (const [i, line] of lines.entries()) {
    const [name = '', admin, check, ours] = line.split(' ');
    const port = 7001 + i;
    servers.push({
      name,
      address: '127.0.0.1',
      port,
      admin: admin as BalancerServer['admin'],
      check: check as BalancerServer['check'],
      sessions: 0,
    });
    if (ours !== undefined) states.push(instance(name, port, ours === '*'));
  }
  return [servers, states] as const;
}

const instance = (slot: string, port: number, lives: boolean): InstanceState => ({
  wish: {
    app: 'shop',
    environment: 'production',
    slot,
    version: 'v',
    digest: 'd',
    folder: '/f',
    start: 's',
    port,
    env: {},
    wanted: 'up',
  },
  state: lives ? 'up' : 'starting',
  process: lives ? { pid: 1, startTime: 1, boot: 'b' } : undefined,
  restarts: 0,
});
const shown = (spots: readonly Spot[]): string =>
  spots.map((s) => `${s.slot}${s.had ? '+' : ''}`).join(' ');

test.each([
  ['nothing yet', ['blue1 maint unknown', 'green1 maint unknown'], 'blue1', 'green1'],
  ['blue serves', ['blue1 ready up *', 'green1 maint unknown'], 'green1', 'blue1+'],
  ['green serves', ['blue1 maint unknown', 'green1 ready up *'], 'blue1', 'green1+'],
  ['the idle one is kept', ['blue1 ready up *', 'green1 maint unknown *'], 'green1', 'blue1+'],
  ['configured as ready, but dead', ['blue1 ready up *', 'green1 ready down'], 'green1', 'blue1+'],
  ['ours, but ill', ['blue1 ready down *', 'green1 ready down'], 'green1', 'blue1+'],
  ['in a crash loop', ['blue1 maint unknown', 'green1 ready down !'], 'blue1', 'green1+'],
  ['not ours, but it serves', ['blue1 ready up', 'green1 maint unknown'], 'green1', 'blue1+'],
  ['not checked, but ours', ['blue1 ready unknown *', 'green1 maint unknown'], 'green1', 'blue1+'],
  ['drained by hand', ['blue1 maint unknown', 'green1 drain up *'], 'blue1', 'green1'],
])('blue-green: %s', (_, lines, fresh, old) => {
  const plan = planColours('shop', 1, ...backend(lines));
  expect([shown(plan.fresh), shown(plan.old)]).toEqual([fresh, old]);
});

test.each([
  ['both serve', ['blue1 ready up *', 'green1 ready up *'], 1, /both colours serve/],
  ['too few', ['blue1 ready up *', 'green1 maint unknown'], 2, /has 1 servers named green/],
  ['none at all', ['web1 ready up *'], 1, /has 0 servers named blue/],
])('blue-green is refused: %s', (_, lines, count, message) => {
  expect(() => planColours('shop', count, ...backend(lines))).toThrow(message);
});

const three = ['a ready up *', 'b ready down !', 'c ready up *', 'd maint unknown'];
const twoOfThree = ['a ready up *', 'b maint unknown *', 'c maint unknown'];
test.each([
  ['what does not serve comes first', three, 3, 'b+ a+ c+, ends: '],
  ['more than there were', three, 4, 'b+ d a+ c+, ends: '],
  ['fewer', ['a ready up *', 'b ready up *', 'c maint unknown'], 1, 'a+, ends: b+'],
  ['those that are kept are taken last', twoOfThree, 2, 'c a+, ends: '],
])('rolling: %s', (_, lines, count, expected) => {
  const plan = planServers('shop', count, ...backend(lines));
  expect(`${shown(plan.fresh)}, ends: ${shown(plan.old)}`).toBe(expected);
});

const base = { count: 2, states: [], range: undefined, port: null, taken: new Set<number>() };
test.each([
  ['the range', { range: [7100, 7109] as const }, '1:7100 2:7101'],
  [
    'what is taken is passed over',
    { range: [7100, 7109] as const, taken: new Set([7100]) },
    '1:7101 2:7102',
  ],
  ['the port of the manifest', { port: 3009 }, '1:3009 2:3010'],
  [
    'each keeps its own',
    { range: [7100, 7109] as const, states: [instance('2', 7100, true)] },
    '1:7101 2:7100',
  ],
])('ports: %s', (_, given, spots) => {
  const { fresh } = planPorts({ ...base, ...given });
  expect(fresh.map((s) => `${s.slot}:${s.port}`).join(' ')).toBe(spots);
});

test.each([
  ['none is known', {}, /no port is known/],
  [
    'all are taken',
    { range: [7100, 7100] as const },
    /no port from 7100 to 7100 is free for slot 2/,
  ],
])('ports are refused: %s', (_, given, message) => {
  expect(() => planPorts({ ...base, ...given })).toThrow(message);
});

test('a plan is read from the journal as it was written', () => {
  const spots = fc.array(
    fc.record({
      slot: fc.stringMatching(/^\w[\w.:-]{0,20}$/),
      port: fc.integer({ min: 1, max: 65_535 }),
      had: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(spots, spots, (fresh, old) => {
      expect(readPlan(writePlan({ fresh, old }))).toEqual({ fresh, old });
    }),
  );
});
