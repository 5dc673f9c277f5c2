import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import examples from '@octokit/webhooks-examples';
import { describe, expect, test } from 'vitest';
import { markFact } from '../../event/cdevents/cdevent.ts';
import { checkDraft } from '../../event/check.ts';
import type { Draft } from '../../event/event.ts';
import { defaultLimits } from '../../event/limits.ts';
import { Body } from './body.ts';
import { draftsOfDelivery } from './deliver.ts';
import { maxEssential } from './essential.ts';
import { type Item, type Row, rowOf } from './product.ts';
import { type ProductKind, productKinds, products } from './products.ts';

const folder = join(import.meta.dirname, '../../../test/vectors/webhooks');
const now = Date.UTC(2026, 10, 26);

interface Recorded {
  readonly kind: ProductKind;
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Bodies in the shapes that the products document; those of Alertmanager were captured. */
function recorded(kind: ProductKind): Recorded[] {
  if (kind === 'alertmanager')
    return ['firing', 'resolved'].map((name, i) => {
      const file = join(folder, `../wire/http_alertmanager-${i + 1}.bin`);
      return { kind, name, headers: {}, body: readFileSync(file, 'utf8') };
    });
  const files = readdirSync(join(folder, kind)).filter((file) => /^[^.]+\.json$/.test(file));
  return files.map((file) => {
    const text = readFileSync(join(folder, kind, file), 'utf8');
    const { headers, body } = JSON.parse(text) as Pick<Recorded, 'headers'> & { body: object };
    return { kind, name: basename(file, '.json'), headers, body: JSON.stringify(body) };
  });
}

interface Kind {
  readonly name: string;
  readonly examples: readonly object[];
}
// The package is a JSON file, whose types describe a module with a default export.
const kinds = examples as unknown as readonly Kind[];

const published: readonly Recorded[] = kinds.flatMap(({ name, examples: bodies }) =>
  bodies.map((body) => ({
    kind: 'github' as const,
    name,
    headers: { 'x-github-event': name, 'x-github-delivery': 'd-1' },
    body: JSON.stringify(body),
  })),
);

function draftsOf({ kind, headers, body }: Recorded): Draft[] {
  const source = `/webhooks/${kind}`;
  return [...draftsOfDelivery(products[kind], { headers, body: Buffer.from(body), source, now })];
}

function itemsOf({ kind, headers, body }: Recorded): readonly Item[] {
  return products[kind].items({ headers, body: new Body(JSON.parse(body)) });
}

/** What holds of every fact, whoever sent it. */
function checkAll(drafts: readonly Draft[]): void {
  expect(drafts.length).toBeGreaterThan(0);
  expect(new Set(drafts.map(({ id, source }) => `${source} ${id}`)).size).toBe(drafts.length);
  for (const draft of drafts) {
    const checked = checkDraft(draft, defaultLimits, now);
    if ('refusal' in checked) throw new Error(checked.refusal.message);
    expect(markFact(checked.draft)).toBe(checked.draft);
    const { data } = checked.draft;
    expect(Buffer.byteLength(JSON.stringify(data ?? null))).toBeLessThan(maxEssential + 8_192);
  }
  const text = JSON.stringify(drafts);
  for (const personal of [/@example\.org/, /must.not.be.kept/, /"4242"/, /10\.0\.0\.1/])
    expect(text).not.toMatch(personal);
}

describe.each(productKinds)('%s', (kind) => {
  test.each(recorded(kind))('$name becomes these facts (vitest -u writes them)', async (one) => {
    const drafts = draftsOf(one);
    checkAll(drafts);
    const file = join(folder, kind, `${one.name}.events.json`);
    await expect(`${JSON.stringify(drafts, undefined, 2)}\n`).toMatchFileSnapshot(file);
  });

  test('every way to a CDEvent has an example', () => {
    const all = kind === 'github' ? [...recorded(kind), ...published] : recorded(kind);
    const seen = new Set(all.flatMap((one) => itemsOf(one).map((i) => rowOf(products[kind], i))));
    const unseen = products[kind].rows.filter(
      (row: Row) => row.type.startsWith('dev.cdevents.') && !seen.has(row),
    );
    expect(unseen.map(({ event, actions, type }) => [event, actions, type])).toEqual([]);
  });
});

describe('GitHub’s published examples', () => {
  test('are of 58 kinds', () => {
    expect(new Set(published.map(({ name }) => name)).size).toBe(58);
  });

  test.each(kinds.map(({ name }) => name))('%s is taken, valid and small', (name) => {
    const made = published.filter((example) => example.name === name).map(draftsOf);
    made.forEach(checkAll);
    expect(made.length).toBeGreaterThan(0);
  });

  test('become these types of facts (vitest -u writes them)', async () => {
    const lines = published.map((one) => {
      const [item] = itemsOf(one);
      const types = draftsOf(one).map(({ type, subject = '' }) => `${type} ${subject}`);
      return `${item?.event} ${item?.action}: ${[...new Set(types)].join(', ')}\n`;
    });
    const file = join(folder, 'github/published.txt');
    await expect([...new Set(lines)].join('')).toMatchFileSnapshot(file);
  });
});

test('a delivery that is sent again has the same identities, and one without a name that of its body', () => {
  for (const one of productKinds.flatMap(recorded)) {
    const identities = (drafts: readonly Draft[]) => drafts.map(({ id, source }) => [source, id]);
    expect(identities(draftsOf(one))).toEqual(identities(draftsOf(one)));
    const unnamed = draftsOf({ ...one, headers: {} });
    expect(identities(unnamed)).toEqual(identities(draftsOf({ ...one, headers: {} })));
  }
});
