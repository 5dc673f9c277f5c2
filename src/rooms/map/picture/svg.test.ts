import fc from 'fast-check';
import sax from 'sax';
import { describe, expect, test } from 'vitest';
import type { Health, HealthById, HealthState } from '../health.ts';
import { emptyMap, type MapModel, type MapNode } from '../model.ts';
import type { Drawing } from './drawing.ts';
import { glyphOf, iconOf, labelSpot, pathOf, shaftOf } from './shapes.ts';
import { svgOf } from './svg.ts';
import { cutText, shortTitle, textWidth } from './text-width.ts';

const node = (id: string, title: string): MapNode => ({
  id,
  title,
  quadrant: 'production',
  kind: 'app',
  anchor: false,
  names: {},
  release: false,
  roles: [],
  mix: {},
  limits: [],
  links: [],
  place: { file: 'map.yaml', line: 1, column: 1 },
});

const model = (titles: Readonly<Record<string, string>>): MapModel => ({
  ...emptyMap,
  title: 'Shop',
  nodes: new Map(Object.entries(titles).map(([id, title]) => [id, node(id, title)])),
  processes: new Map([
    [
      'checkout',
      {
        id: 'checkout',
        title: 'Checkout',
        criticality: 1,
        needs: [],
        names: {},
        place: node('', '').place,
      },
    ],
  ]),
});

function drawing(titles: Readonly<Record<string, string>>): Drawing {
  const ids = Object.keys(titles);
  return {
    hash: '',
    width: 800,
    height: 400,
    frames: [{ quadrant: 'production', x: 0, y: 0, width: 800, height: 400 }],
    boxes: ids.map((id, at) => ({
      id,
      kind: 'app',
      quadrant: 'production',
      title: titles[id] ?? id,
      pinned: false,
      x: 20 + at * 200,
      y: 60,
      width: 160,
      height: 46,
      nodes: [id],
    })),
    lines: ids.slice(1).map((id, at) => ({
      id,
      from: ids[at] ?? '',
      to: id,
      kind: 'hard',
      edges: [id],
      label: titles[id] ?? '',
      points: [
        [180 + at * 200, 83],
        [220 + at * 200, 83],
      ],
    })),
    expandable: [],
    expanded: [],
  };
}

const health = (shown: HealthState, because: readonly string[] = []): Health => ({
  observed: shown,
  inferred: shown,
  shown,
  because,
  contradiction: false,
  evidence: [],
});

const picture = (titles: Readonly<Record<string, string>>, states?: HealthById, time?: number) =>
  svgOf({
    drawing: drawing(titles),
    model: model(titles),
    health: states,
    theme: 'light',
    title: 'Shop',
    time,
  });

/** The texts of an SVG; throws when it is no XML. */
function textsOf(svg: string): string[] {
  const parser = sax.parser(true);
  const texts: string[] = [];
  parser.ontext = (text) => texts.push(text);
  parser.onerror = (error) => {
    throw error;
  };
  parser.write(svg).close();
  return texts;
}

describe('a picture', () => {
  test('says how everything is, and because of what', () => {
    const states = new Map([
      ['shop', health('down', ['shop', 'db'])],
      ['db', health('down', ['db'])],
      ['process:checkout', health('at-risk', ['process:checkout', 'shop'])],
    ]);
    const texts = textsOf(picture({ shop: 'Shop', db: 'Orders database' }, states, 0));
    expect(texts).toContain('1970-01-01 00:00:00 UTC');
    expect(texts).toContain('Shop, app: down ← Orders database');
    expect(texts).toContain('at risk ← Shop');
    expect(texts.join(' ')).toContain(
      'Not well: process Checkout at risk, Shop down, Orders database down.',
    );
  });

  test('without health says so, and shows no state', () => {
    const texts = textsOf(picture({ shop: 'Shop' }));
    expect(texts).toContain('as declared, without health');
    for (const word of ['ok', 'down', 'no evidence']) expect(texts).not.toContain(word);
  });

  test('of what nothing is known shows that, and not that it is well', () => {
    const texts = textsOf(picture({ shop: 'Shop' }, new Map()));
    expect(texts).toContain('Shop, app: no evidence');
  });

  test('needs nothing from elsewhere, and runs nothing', () => {
    const svg = picture({ shop: 'Shop' }, new Map());
    expect(svg).not.toMatch(/<(script|style|image|foreignObject|use)\b|href|url\(|\bon\w+=/);
  });

  test('stays XML whatever things are called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (title) => {
        const texts = textsOf(picture({ a: title, b: `<script>${title}]]>&amp;` }));
        expect(texts.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('shapes', () => {
  test('each state has a glyph of its own', () => {
    const states = ['ok', 'at-risk', 'degraded', 'down', 'no-evidence'] as const;
    expect(new Set(states.map((state) => glyphOf(state)[0]?.d)).size).toBe(4);
    // The two circles differ: full and ticked, and dashed with a question mark.
    expect(glyphOf('ok')[0]?.fill).toBe('tone');
    expect(glyphOf('no-evidence')[0]).toMatchObject({ stroke: 'tone', dash: expect.any(String) });
  });

  test('a kind that is not known is a plain box, also when it is called as what objects have', () => {
    expect(iconOf('constructor')).toBe(iconOf('nothing of the kind'));
    expect(iconOf('database')).not.toBe(iconOf('nothing of the kind'));
  });

  test('a way bends at its corners, and ends before the head of its arrow', () => {
    const points = [
      [0, 0],
      [0, 50],
      [40, 50],
    ] as const;
    expect(pathOf(points)).toBe('M0 0L0 43Q0 50 7 50L40 50');
    expect(shaftOf(points).at(-1)).toEqual([33, 50]);
  });

  test('a label stands beside the end of its line', () => {
    expect(
      labelSpot([
        [0, 0],
        [0, 20],
      ]),
    ).toEqual({ x: 6, y: 10, anchor: 'start' });
    expect(
      labelSpot([
        [0, 0],
        [0, 100],
      ]),
    ).toEqual({ x: 6, y: 80, anchor: 'start' });
    expect(
      labelSpot([
        [0, 10],
        [50, 10],
      ]),
    ).toEqual({ x: 25, y: 2, anchor: 'middle' });
  });
});

describe('texts', () => {
  test('are cut where the room ends', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 30, max: 200 }),
        (text, room) => {
          const cut = cutText(text, { size: 13, bold: true }, room);
          expect(textWidth(cut, { size: 13, bold: true })).toBeLessThanOrEqual(room + 1e-9);
          expect(cut === text || cut.endsWith('…')).toBe(true);
        },
      ),
    );
  });

  test.each([
    ['Orders database', 'Orders database'],
    ['exactly twenty-eight letters', 'exactly twenty-eight letters'],
    ['one more than twenty-eight le', 'one more than twenty-eight…'],
  ])('%j as a title is %j', (title, short) => {
    expect(shortTitle(title)).toBe(short);
  });
});
