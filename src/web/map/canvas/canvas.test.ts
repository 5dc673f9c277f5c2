import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HealthWord, MapHealth } from '../../../server/api/contract-map.ts';
import type { DrawingAnswer } from '../../../server/api/contract-map-drawing.ts';
import { groupsOf, toggled } from '../expand.ts';
import { unknownHealth } from '../live/moment.ts';
import { detailOf } from './camera.ts';
import { boxesByNode, chainOf } from './emphasis.ts';
import { type Direction, step, walk } from './walk.ts';
import { countsText, reasonText, spokenText, wayText, worstCounted } from './words.ts';

type Box = DrawingAnswer['boxes'][number];
const box = (id: string, x: number, y: number, nodes = [id]): Box => ({
  id,
  x,
  y,
  nodes,
  width: 100,
  height: 40,
  quadrant: 'production',
  kind: 'app',
  title: id,
  pinned: false,
});
const line = (from: string, to: string): DrawingAnswer['lines'][number] => ({
  id: `${from} ${to}`,
  from,
  to,
  kind: 'hard',
  edges: [`${from}=>${to}`],
  points: [
    [0, 0],
    [10, 0],
  ],
});
const health = (shown: HealthWord, because: string[], text?: string): MapHealth => ({
  ...unknownHealth,
  shown,
  because,
  evidence: text
    ? [
        {
          kind: 'check',
          state: shown,
          name: 'ping',
          text,
          time: 0,
          stale: false,
          stream: 'readings',
          offset: 1,
        },
      ]
    : [],
});

/** The users above a load balancer, two web servers below it, and a queue that nothing leads to. */
const drawing = {
  boxes: [
    box('users', 200, 0),
    box('lb', 200, 100),
    box('web1', 100, 200),
    box('web2', 300, 200),
    box('queue', 600, 100),
  ],
  lines: [line('users', 'lb'), line('lb', 'web1'), line('lb', 'web2'), line('web2', 'users')],
};

test.each<[from: string, key: Direction, to: string | undefined]>([
  ['users', 'down', 'lb'],
  ['lb', 'up', 'users'],
  ['lb', 'left', 'web1'],
  ['lb', 'right', 'web2'],
  ['web1', 'right', 'lb'],
  ['lb', 'down', 'web1'],
  ['queue', 'left', 'lb'],
  ['web2', 'right', 'queue'],
  ['users', 'up', undefined],
  ['nobody', 'up', undefined],
])('from %s the key %s leads to %s', (from, key, to) => {
  expect(walk(drawing, from, key)?.id).toBe(to);
});

test('an arrow key never leads back, and leads on wherever something lies ahead', () => {
  const places = fc.uniqueArray(
    fc.record({ x: fc.integer({ min: 0, max: 30 }), y: fc.integer({ min: 0, max: 30 }) }),
    { minLength: 2, maxLength: 14, selector: ({ x, y }) => `${x} ${y}` },
  );
  const keys: readonly Direction[] = ['left', 'right', 'up', 'down'];
  fc.assert(
    fc.property(places, (at) => {
      const boxes = at.map(({ x, y }, i) => box(String(i), x * 100, y * 100));
      const [start] = boxes;
      if (!start) return;
      const found = keys.map((key) => walk({ boxes, lines: [] }, '0', key));
      const [left, right, up, down] = found;
      expect(found.some((next) => next !== undefined)).toBe(true);
      expect(left ? left.x : -1).toBeLessThan(start.x);
      expect(right ? right.x : Infinity).toBeGreaterThan(start.x);
      expect(up ? up.y : -1).toBeLessThan(start.y);
      expect(down ? down.y : Infinity).toBeGreaterThan(start.y);
    }),
  );
});

test('every box is reached one after the other', () => {
  const way = drawing.boxes.map(({ id }) => step(drawing, id, 1)?.id);
  expect(way).toEqual(['lb', 'web1', 'web2', 'queue', 'users']);
  expect(step(drawing, 'users', -1)?.id).toBe('queue');
});

test('the way to a cause is drawn through the boxes that stand for its nodes', () => {
  const drawn = {
    boxes: [box('api', 0, 0), box('group:web', 0, 100, ['web1', 'web2']), box('db', 0, 200)],
    lines: [line('group:web', 'api'), line('api', 'db'), line('group:web', 'db')],
  };
  const boxes = boxesByNode(drawn);
  const way = ['process:browse', 'web1', 'api', 'db'];
  const { chain, chainLines } = chainOf(way, drawn, boxes);
  expect([...chain]).toEqual(['group:web', 'api', 'db']);
  expect([...chainLines]).toEqual(['group:web api', 'api db']);
  expect(chainOf([], drawn, boxes).chain.size).toBe(0);
});

const titles: Readonly<Record<string, string>> = { db: 'Orders database', api: 'API' };
const titleOf = (id: string): string => titles[id] ?? id;

test('why something is as it is, to be read and to be heard', () => {
  const down = health('down', ['process:checkout', 'api', 'db']);
  expect(wayText(down, titleOf)).toBe('← API ← Orders database');
  expect(reasonText(down, titleOf)).toBe('← API ← Orders database');
  expect(spokenText(down, titleOf)).toBe('down because of API, because of Orders database');
  const seen = health('degraded', ['api'], 'p99 is 812 ms, limit 500');
  expect(reasonText(seen, titleOf)).toBe('p99 is 812 ms, limit 500');
  expect(spokenText(seen, titleOf)).toBe('degraded');
  expect(reasonText(health('ok', []), titleOf)).toBe('');
});

test('a group tells its worst state, and not to know is worse than ok', () => {
  const none = { ok: 0, 'at-risk': 0, degraded: 0, down: 0, 'no-evidence': 0 };
  expect(countsText({ ...none, ok: 9, down: 3 })).toBe('3 down of 12');
  expect(countsText({ ...none, ok: 12 })).toBe('12 ok');
  expect(countsText({ ...none, ok: 9, down: 3 }, true)).toBe('3/12 down');
  expect(countsText({ ...none, ok: 11, 'no-evidence': 1 })).toBe('1 no evidence of 12');
  expect(worstCounted({ ...none, 'no-evidence': 2, 'at-risk': 1 })).toBe('at-risk');
  expect(worstCounted(none)).toBe('no-evidence');
});

test('groups are opened and closed in the address', () => {
  expect(toggled(undefined, 'web', [])).toBe('web');
  expect(toggled('web', 'db', ['web'])).toBe('web,db');
  expect(toggled('web,db', 'web', ['web', 'db'])).toBe('db');
  expect(toggled('web', 'web', ['web'])).toBeUndefined();
  expect(toggled('*', 'web', ['group:web', 'group:db'])).toBe('db');
  expect(groupsOf(undefined)).toEqual([]);
});

test('the nearer, the more is to be read', () => {
  expect([0.1, 0.6, 1, 2].map(detailOf)).toEqual(['far', 'mid', 'near', 'near']);
});
