import { describe, expect, test } from 'vitest';
import { validateCDEvent } from '../../event/cdevents/validate.ts';
import { BuildsState, buildStanding } from '../../rooms/builds/fold.ts';
import { buildTold } from '../../rooms/builds/told.ts';
import { type PlacedEvent, encodeLine } from '../../event/codec.ts';
import type { Draft } from '../../event/event.ts';
import {
  type Revision,
  type Run,
  answeredFact,
  artifactOf,
  changeFact,
  partFact,
  runFact,
} from './facts.ts';

const at = Date.UTC(2026, 10, 2, 9);
const revision: Revision = {
  repository: 'file:///srv/repositories/site',
  commit: '3f2a91c0d5e6f708192a3b4c5d6e7f8091a2b3c4',
  ref: 'price-in-results',
  refType: 'branch',
};
const request = { number: 12, title: 'show the price', card: 'NEWS-27', revision };
const run: Run = {
  id: 'site-12',
  pipeline: 'checks',
  revision,
  by: 'priya',
  url: 'http://127.0.0.1:7070/thread?of=site-12',
  change: 12,
};
const by = 'priya';
const failed = { outcome: 'failure', reason: 'src/web.js:3 unexpected }' } as const;
const passed = { outcome: 'success' } as const;
const artifact = artifactOf('site', 'release_4');

const all: readonly (readonly [string, Draft])[] = [
  ['a change that is opened', changeFact('created', request, { at, by })],
  ['a change that is reviewed', changeFact('reviewed', request, { at, by })],
  ['a change that is given up', changeFact('abandoned', request, { at, by })],
  ['a run that waits', runFact(run, 'queued', { at })],
  ['a run that begins', runFact(run, 'started', { at })],
  ['a run that passed', runFact(run, 'finished', { at, ended: passed })],
  ['a run that failed', runFact(run, 'finished', { at, ended: failed })],
  ['a task that begins', partFact(run, { kind: 'taskrun', name: 'syntax' }, { at })],
  ['a task that failed', partFact(run, { kind: 'taskrun', name: 'syntax' }, { at, ended: failed })],
  ['a suite that begins', partFact(run, { kind: 'testsuiterun', name: 'tests' }, { at })],
  [
    'a suite that failed',
    partFact(run, { kind: 'testsuiterun', name: 'tests' }, { at, ended: failed }),
  ],
  ['a build that begins', partFact(run, { kind: 'build', name: 'site' }, { at })],
  [
    'a build that made something',
    partFact(run, { kind: 'build', name: 'site', artifact }, { at, ended: passed }),
  ],
  ['an answer', answeredFact({ id: 'case-1a2b3c4d', answer: 'We look at it.' }, { at, by })],
];

describe('what the tools of the company tell', () => {
  test.each(all)('%s is a CDEvent', (_, fact) => {
    expect(validateCDEvent(fact.data)).toEqual({ kind: 'valid' });
    expect(JSON.parse(encodeLine(fact, 'newsroom'))).toMatchObject({ type: fact.type });
  });

  test('the same told twice is one fact, and no two things are the same', () => {
    expect(new Set(all.map(([, { id }]) => id)).size).toBe(all.length - 1);
    expect(runFact(run, 'queued', { at }).id).toBe(runFact(run, 'queued', { at: at + 5 }).id);
  });
});

describe('the board of builds', () => {
  const placed = (fact: Draft, offset: number): PlacedEvent =>
    ({ ...fact, stream: 'facts', offset, received: (fact.time ?? 0) + 1 }) as PlacedEvent; // as the log gives it

  test('shows a run of the company from its beginning to its end', () => {
    const state = new BuildsState();
    const facts = [
      runFact(run, 'queued', { at }),
      runFact(run, 'started', { at: at + 1_000 }),
      runFact(run, 'finished', { at: at + 9_000, ended: failed }),
    ];
    for (const [i, fact] of facts.entries()) {
      const told = buildTold(placed(fact, i + 1));
      if (told) state.fold(told);
    }
    const [line] = [...state.lines()];
    expect(line).toMatchObject({
      repository: '/srv/repositories/site',
      pipeline: 'checks',
      branch: 'price-in-results',
      runs: [{ run: 'site-12', state: 'failed', revision: revision.commit, started: at + 1_000 }],
    });
    expect(line && buildStanding(line).verdict).toBe('red');
  });
});
