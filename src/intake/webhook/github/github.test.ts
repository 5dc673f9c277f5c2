import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { markFact } from '../../../event/cdevents/cdevent.ts';
import { checkDraft } from '../../../event/check.ts';
import type { Draft } from '../../../event/event.ts';
import { defaultLimits } from '../../../event/limits.ts';
import { draftsOfDelivery } from '../deliver.ts';
import { github } from './product.ts';

interface Kind {
  readonly name: string;
  readonly examples: readonly object[];
}

const kinds = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly Kind[];
const now = Date.UTC(2026, 10, 26);

const drafts = (event: string, body: object): Draft[] =>
  draftsOfDelivery(github, {
    headers: { 'x-github-event': event, 'x-github-delivery': 'd-1' },
    body: Buffer.from(JSON.stringify(body)),
    source: '/webhooks/github',
    now,
  });

test('all kinds of the published examples are there', () => {
  expect(kinds).toHaveLength(58);
});

describe.each(kinds)('$name', ({ name, examples }) => {
  test('is taken, valid and small', () => {
    for (const example of examples) {
      const made = drafts(name, example);
      expect(made.length).toBeGreaterThan(0);
      for (const draft of made) {
        const checked = checkDraft(draft, defaultLimits, now);
        if ('refusal' in checked) throw new Error(`${name}: ${checked.refusal.message}`);
        expect(markFact(checked.draft)).toBe(checked.draft);
        expect(JSON.stringify(draft).length).toBeLessThan(80_000);
      }
      expect(new Set(made.map(({ id }) => id)).size).toBe(made.length);
    }
  });
});
