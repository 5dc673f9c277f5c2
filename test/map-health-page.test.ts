import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { HealthState } from '../src/rooms/map/health.ts';
import { assess } from '../src/rooms/map/health/assess.ts';
import { mapOf, seen, shop } from '../src/rooms/map/health/map.suite.ts';
import { judge } from '../src/rooms/map/sli/judge.ts';
import { parseSli } from '../src/rooms/map/sli/parse.ts';
import type { Past } from '../src/rooms/map/sli/plan.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/reference/map-health.md'), 'utf8');

/** The rows of the table whose first column is called so, as plain texts. */
function tableOf(first: string): string[][] {
  const begin = page.indexOf(`\n| ${first} |`);
  const end = page.indexOf('\n\n', begin);
  const rows = page.slice(begin, end).trim().split('\n');
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.replaceAll('`', '').trim()),
  );
}

describe('the table of what is shown', () => {
  const [[, ...observed] = [], , ...rows] = tableOf('inferred');
  const cells = rows.flatMap(([inferred = '', ...row]) =>
    row.map((shown, at) => [inferred, observed[at] ?? '', shown] as const),
  );
  test('has all states', () => {
    expect(cells).toHaveLength(25);
  });
  test.each(cells)('inferred %s, observed %s: %s', (inferred, own, shown) => {
    const states = { a: own as HealthState, b: inferred as HealthState };
    const health = assess(mapOf(['a => b']), seen(states)).get('a');
    expect(health).toMatchObject({ inferred, observed: own, shown });
  });
});

describe('the example', () => {
  const [, , ...rows] = tableOf('given');
  test.each(rows)('%s: %s, %s, %s', (given, checkout, browse, support) => {
    const said = given.split(', ').map((part) => {
      const [id = '', state = ''] = part.split(' ');
      return [shop.nodes.has(id) ? id : `process:${id}`, state as HealthState] as const;
    });
    const leaves = { payments: 'ok', mail: 'ok', db: 'ok', search: 'ok' } as const;
    const webs = { web1: 'ok', web2: 'ok', web3: 'ok', lb: 'ok', api: 'ok' } as const;
    const states = Object.fromEntries(said);
    const unseen = assess(shop, seen({ ...leaves, ...states }));
    // Where nothing is wrong, all is seen to be ok; a process is then what it needs.
    const allSeen = assess(shop, seen({ ...leaves, ...webs, ...states }));
    const read = (id: string) => {
      const { shown, because } = unseen.get(`process:${id}`) ?? { shown: '', because: [] };
      if (shown === 'no-evidence') return allSeen.get(`process:${id}`)?.shown;
      return [shown, ...because.slice(1)].join(' ← ');
    };
    expect(['checkout', 'browse', 'support'].map(read)).toEqual([checkout, browse, support]);
  });
});

interface Example {
  readonly sli: string;
  readonly ok: string;
  readonly down?: string;
  readonly now?: number | null;
  readonly unit?: string;
  readonly past?: Readonly<Partial<Record<Past, number | null>>>;
  readonly says: string;
}

const examples = (kind: string): Example[] =>
  [...page.matchAll(new RegExp(`\`\`\`yaml ${kind}\\n([^]*?)\`\`\``, 'g'))].map(
    ([, text = '']) => parse(text) as Example,
  );

function saidOf({ sli, ok, down, now = null, unit, past = {} }: Example): string {
  const parsed = parseSli({ measure: sli, ok, ...(down !== undefined && { down }) });
  if ('fault' in parsed) {
    const { part, column, message } = parsed.fault;
    return `${part} ${column}: ${message}`;
  }
  const then = new Map(Object.entries(past)) as Map<Past, number | null>;
  const units = unit === undefined ? [] : [unit];
  const { state, text } = judge(parsed.plan, { value: now, units, past: then, othersCame: true });
  return `${state}: ${text}`;
}

test.each(examples('judged'))('$sli, $ok', (example) => {
  expect(saidOf(example)).toBe(example.says);
});

test.each(examples('refused'))('$sli, $ok is refused', (example) => {
  expect(saidOf(example)).toBe(example.says);
});

test('there are examples', () => {
  expect(examples('judged').length).toBeGreaterThan(5);
  expect(examples('refused').length).toBeGreaterThan(1);
});
