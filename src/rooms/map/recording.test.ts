import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlacedEvent } from '../../event/codec.ts';
import type { Draft } from '../../event/event.ts';
import { RecordedChanges } from './changes.ts';
import {
  type Change,
  declaredFact,
  foundFact,
  healthFacts,
  mapFactOf,
  mapSource,
  maxChanges,
  resolvedFact,
  watchedFact,
} from './facts.ts';
import { type HealthState, healthStates } from './health.ts';
import { MapRecording, bridgedMs } from './recording.ts';
import type { MapProblem } from './seen.ts';

const change = (id: string, from: HealthState, shown: HealthState): Change => ({
  id,
  from,
  health: {
    observed: shown,
    inferred: 'ok',
    shown,
    because: shown === 'ok' ? [] : [id],
    contradiction: false,
    evidence: [],
  },
});

/** Facts as the log gives them back, each at its own offset. */
function placed(drafts: readonly Draft[], first = 1): PlacedEvent[] {
  return drafts.map((draft, i) => ({
    ...draft,
    id: `facts-${first + i}`,
    time: draft.time ?? 0,
    source: mapSource,
    received: draft.time ?? 0,
    stream: 'facts',
    offset: first + i,
  }));
}

function recorded(...drafts: readonly Draft[]): MapRecording {
  const recording = new MapRecording();
  for (const fact of placed(drafts)) recording.add(fact);
  return recording;
}

const problem: MapProblem = {
  id: 'stale/db',
  kind: 'stale',
  node: 'db',
  message: 'db was not heard of for 8 days',
  since: 5,
  evidence: [],
};

test('how something was at a moment is its last change before it', () => {
  const { changes } = recorded(
    ...healthFacts([change('db', 'no-evidence', 'ok')], 100),
    ...healthFacts([change('db', 'ok', 'down'), change('web', 'ok', 'degraded')], 200),
    ...healthFacts([change('db', 'down', 'ok')], 300),
  );
  expect(changes.lastOf('db', 99)).toBeUndefined();
  expect(changes.lastOf('db', 150)).toMatchObject({ shown: 'ok', from: 'no-evidence', time: 100 });
  expect(changes.lastOf('db', 200)).toMatchObject({ shown: 'down', time: 200, offset: 2 });
  expect(changes.lastOf('db')).toMatchObject({ shown: 'ok', time: 300 });
  expect([...changes.between(150, 250)].map(({ id }) => id)).toEqual(['db', 'web']);
  expect([...changes.between(0, 999, 'db')].map(({ shown }) => shown)).toEqual([
    'ok',
    'down',
    'ok',
  ]);
});

test('since when something is as it is does not begin anew with a change of another part', () => {
  const contradicted = change('db', 'down', 'down');
  const { changes } = recorded(
    ...healthFacts([change('db', 'ok', 'down')], 100),
    ...healthFacts(
      [{ ...contradicted, health: { ...contradicted.health, inferred: 'down' } }],
      200,
    ),
    ...healthFacts([change('db', 'down', 'ok')], 300),
  );
  expect(changes.since('db', 250)).toBe(100);
  expect(changes.since('db')).toBe(300);
  expect(changes.since('nobody')).toBeUndefined();
  expect(changes.newestOf('db', 9).map(({ time }) => time)).toEqual([300, 100]);
  expect(changes.newestOf('db', 9, 299).map(({ time }) => time)).toEqual([100]);
  expect(changes.newestOf('db', 1).map(({ time }) => time)).toEqual([300]);
});

test('since when something is so does not reach over a long time without recording', () => {
  const long = bridgedMs + 1;
  const recording = recorded(
    watchedFact(0, 100),
    ...healthFacts([change('db', 'ok', 'down')], 100),
    watchedFact(200, 300),
    watchedFact(1_000, 1_000 + long),
  );
  expect(recording.since('db', 500)).toBe(100);
  expect(recording.since('db')).toBe(1_000 + long);
  expect(recording.since('nobody')).toBeUndefined();
});

test('each process has a fact of its own, which people can write rules about', () => {
  const [fact, nodes] = healthFacts(
    [change('process:checkout', 'ok', 'down'), change('db', 'ok', 'down')],
    100,
  );
  expect(fact).toMatchObject({
    type: 'dev.cdeventsx.territory-process.healthchanged.0.1.0',
    subject: 'process/checkout',
    name: 'checkout',
    state: 'down',
    attributes: { process: 'checkout', was: 'ok' },
  });
  expect(nodes).toMatchObject({ type: 'dev.cdeventsx.territory-map.healthchanged.0.1.0' });
});

test('very many changes are several facts', () => {
  const many = Array.from({ length: maxChanges + 1 }, (_, i) => change(`n${i}`, 'ok', 'down'));
  expect(healthFacts(many, 1)).toHaveLength(2);
});

test('maps that were declared, the time without recording, and problems are known again', () => {
  const declaration = {
    file: 'map.yaml',
    text: 'schema: territory.map/1\n',
    imported: {},
    hash: 'abc',
    by: 'ada',
    added: ['db'],
    removed: [],
    changed: [],
  };
  const recording = recorded(
    declaredFact(declaration, 10),
    watchedFact(0, 20),
    foundFact(problem, 30),
    watchedFact(40, 50),
    resolvedFact(problem, 60),
  );
  expect(recording.versionAt(9)).toBeUndefined();
  expect(recording.versionAt(15)).toMatchObject({ hash: 'abc', by: 'ada', added: ['db'] });
  expect(recording.gaps).toEqual([{ from: 40, to: 50 }]);
  expect([19, 20, 40, 45, 50].map((time) => recording.isRecorded(time))).toEqual([
    false,
    true,
    true,
    false,
    true,
  ]);
  expect(recording.problemsAt(35)).toMatchObject([{ id: 'stale/db' }]);
  expect([29, 60].map((time) => recording.problemsAt(time).length)).toEqual([0, 0]);
  expect(recording.problems.size).toBe(0);
});

test('facts that make no sense change nothing', () => {
  const types = placed([
    ...healthFacts([change('a', 'ok', 'down'), change('process:p', 'ok', 'down')], 1),
    foundFact(problem, 1),
    watchedFact(1, 1),
  ]);
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.jsonValue(), (fact, data) => {
      const recording = new MapRecording();
      recording.add({ ...fact, data: data as never });
      expect(mapFactOf({ ...fact, type: `${fact.type}x`, data: data as never })).toBeUndefined();
    }),
  );
});

test('beyond the bound the oldest are forgotten, and what holds is still known', () => {
  const changes = new RecordedChanges(100);
  const add = (id: string, time: number, shown: HealthState): void =>
    changes.add({ ...change(id, 'ok', shown).health, id, from: 'ok', time, offset: time });
  add('old', 1, 'down');
  for (let time = 2; time < 500; time++) add('busy', time, time % 2 === 0 ? 'ok' : 'down');
  expect(changes.count).toBeLessThanOrEqual(100);
  expect(changes.forgotten).toBe(499 - changes.count);
  expect(changes.lastOf('old')).toMatchObject({ shown: 'down', time: 1 });
  expect(changes.lastOf('busy')).toMatchObject({ time: 499, shown: 'down' });
});

test('what is held is what was added, for every change', () => {
  const state = fc.constantFrom(...healthStates);
  const one = fc.record({
    id: fc.constantFrom('a', 'b', 'process:c'),
    time: fc.integer({ min: 0, max: 1_000 }),
    offset: fc.nat(),
    from: state,
    observed: state,
    inferred: state,
    shown: state,
    contradiction: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(one), fc.integer({ min: 0, max: 1_000 }), (list, time) => {
      const added = list.toSorted((a, b) => a.time - b.time);
      const changes = new RecordedChanges();
      for (const each of added) changes.add(each);
      expect([...changes.between(0, 1_000)]).toEqual(added);
      for (const id of ['a', 'b', 'process:c'])
        expect(changes.lastOf(id, time)).toEqual(
          added.findLast((each) => each.id === id && each.time <= time),
        );
    }),
  );
});
