import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyMap } from '../../../rooms/map/picture/any-map.suite.ts';
import type { Box, Drawing } from '../../../rooms/map/picture/drawing.ts';
import { sheetOf } from '../../../rooms/map/picture/sheet.ts';
import { sizedMap } from '../../../rooms/map/sized-map.suite.ts';
import { drawPlain } from './draw.ts';
import { compiled, drawn } from './drawings.suite.ts';

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Pairs that lie on each other. */
const overlapping = ({ boxes }: Drawing): string[] =>
  boxes.flatMap((a, at) =>
    boxes.slice(at + 1).flatMap((b) => (overlap(a, b) ? [`${a.id} on ${b.id}`] : [])),
  );

const outside = ({ boxes, frames }: Drawing): string[] =>
  boxes.flatMap((box) => {
    const frame = frames.find(({ quadrant }) => quadrant === box.quadrant);
    const isIn =
      frame !== undefined &&
      box.x >= frame.x &&
      box.y >= frame.y &&
      box.x + box.width <= frame.x + frame.width &&
      box.y + box.height <= frame.y + frame.height;
    return isIn ? [] : [box.id];
  });

/** Stretches of lines that lead through a box that is none of their ends. */
function through({ boxes, lines }: Drawing): string[] {
  return lines.flatMap(({ id, from, to, points }) =>
    points.slice(1).flatMap(([x, y], at) => {
      const [px, py] = points[at] ?? [x, y];
      const area = {
        x: Math.min(x, px) + 1,
        y: Math.min(y, py) + 1,
        width: Math.abs(x - px) - 2,
        height: Math.abs(y - py) - 2,
      };
      return boxes
        .filter((box) => box.id !== from && box.id !== to)
        .filter(
          (box) =>
            area.x < box.x + box.width &&
            box.x < area.x + Math.max(area.width, 0) &&
            area.y < box.y + box.height &&
            box.y < area.y + Math.max(area.height, 0),
        )
        .map((box) => `${id} through ${box.id}`);
    }),
  );
}

/** Whether a line begins and ends at the edges of its boxes. */
const loose = ({ boxes, lines }: Drawing): string[] =>
  lines.flatMap(({ id, from, to, points }) => {
    const isAt = (name: string, [x, y] = points[0] ?? [NaN, NaN]): boolean => {
      const box = boxes.find((one) => one.id === name);
      if (!box) return false;
      const [left, top] = [Math.abs(x - box.x), Math.abs(y - box.y)];
      const [right, bottom] = [Math.abs(x - box.x - box.width), Math.abs(y - box.y - box.height)];
      return Math.min(left, top, right, bottom) <= 1;
    };
    return isAt(from) && isAt(to, points.at(-1)) ? [] : [id];
  });

describe.each([20, 60, 120, 250, 500])('a map of %i nodes', (nodes) => {
  const drawing = drawn(compiled(sizedMap(nodes).text));

  test('has no boxes on each other, and each in its frame', async () => {
    expect(overlapping(await drawing)).toEqual([]);
    expect(outside(await drawing)).toEqual([]);
  });

  test('has lines from edge to edge, and none through a box', async () => {
    expect(loose(await drawing)).toEqual([]);
    expect(through(await drawing)).toEqual([]);
  });

  test('has two frames above each other on both sides', async () => {
    const [development, pipeline, production, support] = (await drawing).frames;
    if (!development || !pipeline || !production || !support) throw new Error('four frames');
    expect([development.x, development.y, production.y]).toEqual([0, 0, 0]);
    expect([pipeline.x, pipeline.width]).toEqual([development.x, development.width]);
    expect([support.x, support.width]).toEqual([production.x, production.width]);
    expect(production.x).toBeGreaterThan(development.x + development.width);
    expect(support.y + support.height).toBe(pipeline.y + pipeline.height);
  });

  test('has who uses it in the first row', async () => {
    const { boxes } = await drawing;
    const production = boxes.filter(({ quadrant }) => quadrant === 'production');
    const users = production.find(({ id }) => id === 'users');
    expect(users?.y).toBe(Math.min(...production.map(({ y }) => y)));
  });
});

test('the same map gives the same drawing', async () => {
  const model = compiled(sizedMap(120).text);
  expect(JSON.stringify(await drawn(model))).toBe(JSON.stringify(await drawn(model)));
});

test('one more node leaves the other three frames, and the rows of most boxes', async () => {
  const { text } = sizedMap(60);
  const more = text
    .replace('edges:', '  vouchers: {quadrant: production, kind: app}\nedges:')
    .replace('edges:', 'edges:\n  - shop => vouchers');
  const [before, after] = [await drawn(compiled(text)), await drawn(compiled(more))];
  const frames = ({ boxes }: Drawing, quadrant: string) => {
    const own = boxes.filter((box) => box.quadrant === quadrant);
    const [left, top] = [Math.min(...own.map(({ x }) => x)), Math.min(...own.map(({ y }) => y))];
    return own.map(({ id, x, y }) => [id, x - left, y - top]);
  };
  for (const quadrant of ['development', 'pipeline', 'support'])
    expect(frames(after, quadrant)).toEqual(frames(before, quadrant));
});

describe('pinned boxes', () => {
  const pinned = compiled(`schema: territory.map/1
nodes:
  users: {quadrant: production, kind: actor, anchor: true}
  lb: {quadrant: production, kind: app, at: {x: 400, y: 10}}
  shop: {quadrant: production, kind: app}
  db: {quadrant: production, kind: database}
  git: {quadrant: pipeline, kind: repository}
edges:
  - users -> lb -> shop
  - shop => db
  - git -> shop
`);

  test('stand where they were put, within their frame', async () => {
    const drawing = await drawn(pinned);
    const frame = drawing.frames.find(({ quadrant }) => quadrant === 'production');
    const lb = drawing.boxes.find(({ id }) => id === 'lb');
    expect(lb).toMatchObject({ pinned: true, x: (frame?.x ?? 0) + 420, y: 50 });
    expect(overlapping(drawing)).toEqual([]);
    expect(outside(drawing)).toEqual([]);
  });

  test('have lines around what is in the way', async () => {
    const drawing = await drawn(pinned);
    expect(drawing.lines).toHaveLength(4);
    expect(loose(drawing)).toEqual([]);
    expect(through(drawing)).toEqual([]);
  });
});

test('a map with everything open has no boxes on each other either', async () => {
  const drawing = await drawn(compiled(sizedMap(250).text), '*');
  expect(drawing.boxes).toHaveLength(250);
  expect(overlapping(drawing)).toEqual([]);
  expect(outside(drawing)).toEqual([]);
  expect(drawing.width).toBeLessThan(8_000);
});

test('any map has its boxes beside each other in their frames, and lines from edge to edge', async () => {
  await fc.assert(
    fc.asyncProperty(anyMap(40), async (model) => {
      const drawing = await drawn(model);
      expect(overlapping(drawing)).toEqual([]);
      expect(outside(drawing)).toEqual([]);
      expect(loose(drawing)).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

test('an empty map is four small frames', async () => {
  const drawing = await drawn(compiled('schema: territory.map/1\nnodes: {}'));
  expect(drawing.frames).toHaveLength(4);
  expect(drawing).toMatchObject({ boxes: [], lines: [] });
});

test('when the layout fails, boxes stand in rows with all their lines', () => {
  const sheet = sheetOf(compiled(sizedMap(250).text), []);
  const drawing = drawPlain(sheet, 'hash');
  expect(overlapping(drawing)).toEqual([]);
  expect(outside(drawing)).toEqual([]);
  expect(drawing.lines).toHaveLength(sheet.lines.length);
});
