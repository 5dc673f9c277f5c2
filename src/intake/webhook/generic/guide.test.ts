import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkDraft } from '../../../event/check.ts';
import { defaultLimits } from '../../../event/limits.ts';
import { applyMappings } from './apply.ts';
import { readMapping } from './read.ts';

test('the mapping of the guide makes of its body what the guide says', () => {
  const page = readFileSync(
    join(import.meta.dirname, '../../../../docs/guides/webhooks.md'),
    'utf8',
  );
  const blocks = [...page.matchAll(/^```(json|yaml)\n([^]*?)^```$/gm)].map(
    ([, , text = '']) => text,
  );
  const [body = '', mapping = '', result = ''] = blocks;
  const read = readMapping(mapping);
  const mappings = 'mappings' in read ? read.mappings : [];
  const made = [...applyMappings(mappings, { body: JSON.parse(body), headers: {}, id: 'd' })];
  const now = Date.UTC(2026, 10, 26);
  const drafts = made.map((one) => checkDraft(one, defaultLimits, now));
  const expected = (JSON.parse(result) as unknown[]).map((draft) => ({ draft }));
  expect(drafts).toEqual(expected);
});
