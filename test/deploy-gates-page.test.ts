import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rules } from '../src/rooms/deploys/deploy.ts';
import { deploysSource, happenings, typeOf } from '../src/rooms/deploys/facts.ts';
import { skippedByRollback, unbreakable } from '../src/rooms/deploys/gates.ts';
import { maxLanes, maxTook, maxVersions } from '../src/rooms/deploys/lanes.ts';
import { openPolicy } from '../src/rooms/deploys/record.ts';
import {
  maxEnvironments,
  maxKept,
  maxProofs,
  maxReservations,
  maxWaiting,
} from '../src/rooms/deploys/state.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/reference/deploy-gates.md'), 'utf8');

/** What stands under a heading. */
function section(heading: string): string {
  const [, text = ''] = page.split(`${heading}\n`);
  return text.split(/\n##+ /)[0] ?? '';
}

const namesIn = (text: string): readonly string[] =>
  [...text.matchAll(/`([a-z]+)`/g)].map(([, name = '']) => name);

test('the rules stand in their order', () => {
  const rows = [...section('## The rules in their order').matchAll(/^\| `(\w+)` \| /gm)];
  expect(rows.map(([, name]) => name)).toEqual([...rules]);
});

test('what a rollback is not asked, and what nobody breaks through', () => {
  const [skipped = ''] = section('### Going back').split(':');
  expect(namesIn(skipped)).toEqual([...skippedByRollback]);
  const [, kept = ''] =
    /goes through all but ([^.]+)\./.exec(section('### Breaking the glass')) ?? [];
  expect(namesIn(kept)).toEqual([...unbreakable]);
});

test('every setting of an environment is on the page', () => {
  const rows = [...section('## Environments').matchAll(/^\| `(\w+)` \| /gm)];
  expect(rows.map(([, name]) => name)).toEqual(Object.keys(openPolicy));
});

test('every fact is on the page', () => {
  const facts = section('## Facts');
  expect(facts).toContain(`\`${deploysSource}\``);
  const types = [...facts.matchAll(/`(dev\.cdeventsx\.[a-z.-]+)`/g)].map(([, type]) => type);
  const all = happenings.map((one) => typeOf(one).replace('.0.1.0', ''));
  expect(new Set(types)).toEqual(new Set(all));
});

test('the limits are those of the room', () => {
  const limits = section('## Limits');
  for (const most of [maxWaiting, maxReservations, maxEnvironments, maxKept, maxVersions])
    expect(limits).toContain(most.toLocaleString('en'));
  for (const most of [maxLanes, maxProofs]) expect(limits).toContain(most.toLocaleString('en'));
  expect(section('## The queue')).toContain(`last ${maxTook} deploys`);
});
