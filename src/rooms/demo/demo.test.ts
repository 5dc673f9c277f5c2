import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlacedEvent } from '../../event/codec.ts';
import type { Draft, Json } from '../../event/event.ts';
import { alertsSource } from '../alerts/facts.ts';
import { checksSource } from '../checks/run.ts';
import { deploysSource } from '../deploys/facts.ts';
import { mapSource } from '../map/facts.ts';
import { architecturesIn } from './architectures.ts';
import { type ChaosKind, chaosKinds, chaosWords } from './chaos.ts';
import { type Happening, factOf, happenings } from './facts.ts';
import { type DemoCommand, demoRoom } from './room.ts';
import { type DemoState, foldDemo, maxStory, startDemo } from './state.ts';
import { tour } from './tour.ts';

type Told = Partial<PlacedEvent> & Pick<Draft, 'type'>;

let offset = 0;
const placed = (event: Told): PlacedEvent =>
  ({
    stream: 'facts',
    offset: ++offset,
    id: String(offset),
    source: 'demo',
    time: offset * 1000,
    received: offset * 1000 + 1,
    ...event,
  }) as PlacedEvent; // as the log gives it

const own = (happening: Happening, data: Readonly<Record<string, Json>> = {}): PlacedEvent =>
  placed({ ...factOf(happening, { at: 5000, subject: 'demo', data }), source: 'territory/demo' });

const folded = (...events: readonly PlacedEvent[]): DemoState =>
  events.reduce(foldDemo, startDemo());

const started = own('demo.started', {
  seed: 1,
  speed: 2,
  site: 'http://127.0.0.1:7243/',
  tools: [{ what: 'front', found: 'haproxy' }, { what: 1 }],
});

const context = { now: 9000, actor: 'ada', id: 'c' };
const asks = (state: DemoState, chaos: ChaosKind, on = true): PlacedEvent | undefined => {
  const command: DemoCommand = { kind: 'chaos', chaos, on };
  const draft = demoRoom.decide(state, command, context);
  return draft && placed(draft as Told);
};
const chaosIs = (state: DemoState, kind: ChaosKind) => state.chaos.get(kind);

test('a company is started, and stopped', () => {
  const state = folded(started);
  expect(state.company).toEqual({
    startedAt: 5000,
    seed: 1,
    speed: 2,
    site: 'http://127.0.0.1:7243/',
    tools: [{ what: 'front', found: 'haproxy' }],
    stopped: false,
  });
  expect(folded(started, own('demo.stopped')).company).toMatchObject({ stopped: true });
  expect(folded(own('demo.started', { site: 'javascript:alert(1)' })).company?.site).toBeNull();
});

describe('chaos', () => {
  test('is asked for, begins, is to end, ends', () => {
    let state = folded(started);
    const asked = asks(state, 'slow-feed');
    expect(asked).toMatchObject({
      type: 'dev.cdeventsx.territory-demo.chaosasked.0.1.0',
      subject: 'chaos/slow-feed',
      time: 9000,
      attributes: { actor: 'ada' },
      data: { kind: 'slow-feed', on: true, by: 'ada' },
    });
    state = foldDemo(state, asked ?? started);
    expect(chaosIs(state, 'slow-feed')).toMatchObject({ state: 'asked', by: 'ada', since: 9000 });
    state = foldDemo(state, own('demo.chaosbegan', { kind: 'slow-feed', said: '5 s each' }));
    expect(chaosIs(state, 'slow-feed')).toMatchObject({ state: 'running', said: '5 s each' });
    const end = asks(state, 'slow-feed', false);
    state = foldDemo(state, end ?? started);
    expect(chaosIs(state, 'slow-feed')).toMatchObject({ state: 'running', ending: true });
    expect(asks(state, 'slow-feed', false)).toBeUndefined();
    state = foldDemo(state, own('demo.chaosended', { kind: 'slow-feed', said: 'as before' }));
    expect(chaosIs(state, 'slow-feed')).toMatchObject({ state: 'idle', ending: false, by: 'ada' });
    expect(state.story.map(({ kind, text, who }) => [kind, text, who])).toEqual([
      ['chaos', 'Slow feed: 5 s each', 'ada'],
      ['chaos', 'Slow feed: as before', 'ada'],
    ]);
    expect(state.happened.get('break')).toMatchObject({
      text: 'Slow feed: 5 s each',
      path: '/demo',
    });
  });

  test('goes down with its company', () => {
    const state = folded(started, own('demo.chaosbegan', { kind: 'full-disk' }), started);
    expect(state.chaos.size).toBe(0);
    expect(asks(state, 'full-disk')).toBeDefined();
  });

  test('that failed may be asked for again', () => {
    const state = folded(started, own('demo.chaosfailed', { kind: 'poison-job', said: 'no feed' }));
    expect(chaosIs(state, 'poison-job')).toMatchObject({ state: 'failed', said: 'no feed' });
    expect(asks(state, 'poison-job')).toBeDefined();
  });

  test.each([
    ['without a company', [], 'slow-feed', true, 'no demo watches'],
    ['after its stop', [started, own('demo.stopped')], 'slow-feed', true, 'no demo watches'],
    [
      'twice',
      [started, own('demo.chaosbegan', { kind: 'slow-feed' })],
      'slow-feed',
      true,
      'already',
    ],
    ['to end where none is', [started], 'slow-feed', false, 'nothing goes on'],
    [
      'to end where it ends by itself',
      [started, own('demo.chaosbegan', { kind: 'poison-job' })],
      'poison-job',
      false,
      'it ends by itself',
    ],
  ] as const)('is refused %s', (...row) => {
    const [, facts, kind, on, why] = row;
    expect(() => asks(folded(...facts), kind, on)).toThrow(why);
  });

  test('each kind has words', () => {
    expect(Object.keys(chaosWords)).toEqual([...chaosKinds]);
  });
});

describe('the story', () => {
  test('keeps the newest, with a page that belongs to the console', () => {
    const told = (text: string, link: string) =>
      own('demo.told', { kind: 'merged', text, who: 'mia', link });
    const many = Array.from({ length: maxStory + 5 }, (_, i) => told(`pull ${i}`, '/thread?of=1'));
    const state = folded(...many, told('elsewhere', '//evil.example/x'));
    expect(state.story).toHaveLength(maxStory);
    expect(state.told).toBe(maxStory + 6);
    expect(state.story.at(-2)).toMatchObject({
      text: 'pull 204',
      who: 'mia',
      link: '/thread?of=1',
    });
    expect(state.story.at(-1)?.link).toMatch(/^\/stream\?where=source/);
  });

  test('does not take what it has no word for', () => {
    const state = folded(own('demo.told', { kind: 'danced', text: 'x' }), own('demo.told', {}));
    expect(state.story).toEqual([]);
  });
});

describe('the tour', () => {
  const alert = (what: string, data: Readonly<Record<string, Json>>): PlacedEvent =>
    placed({
      type: `dev.cdeventsx.territory-alert.${what}.0.1.0`,
      source: alertsSource,
      data: { alert: 'a1', title: 'search is slow', ...data },
    });
  const suspects = [{ what: 'site 1.3 deployed', because: ['same service', '2 min before'] }];
  const deploy = (type: string, data: Json): PlacedEvent =>
    placed({
      type,
      source: deploysSource,
      service: 'site',
      environment: 'production',
      attributes: { 'service.version': '1.2' },
      data,
    });
  const process = (shown: string, because: readonly string[] = []): PlacedEvent =>
    placed({
      type: 'dev.cdeventsx.territory-process.healthchanged.0.1.0',
      source: mapSource,
      data: { id: 'process:order', from: 'ok', shown, because },
    });
  const check = placed({
    type: 'dev.cdeventsx.territory-check.statechanged.0.1.0',
    source: checksSource,
    subject: 'check/smoke/a b',
    name: 'Search answers',
    data: { to: 'critical', summary: 'no answer' },
  });

  test.each([
    [alert('opened', { suspects }), 'alert', 'search is slow', '/alerts/a1'],
    [
      alert('opened', { suspects }),
      'suspects',
      /^site 1.3 deployed: same service, 2 min/,
      '/alerts/a1',
    ],
    [alert('resolved', {}), 'recovered', 'Over: search is slow', '/alerts/a1'],
    [
      deploy('dev.cdeventsx.territory-deploy.started.0.1.0', { deploy: 'd1' }),
      'deploy',
      'site 1.2 is on its way to production',
      '/deploys/d1',
    ],
    [
      deploy('dev.cdeventsx.territory-deploy.stage.0.1.0', {
        deploy: 'd1',
        stages: [{ stage: 'switching', state: 'running', started: 1 }],
      }),
      'deploy',
      'site 1.2 in production: switching running',
      '/deploys/d1',
    ],
    [
      deploy('dev.cdevents.service.rolledback.0.3.0', { customData: { deploy: 'd1' } }),
      'recovered',
      'site went back to 1.2 in production',
      '/deploys/d1',
    ],
    [
      process('at-risk', ['site', 'payments']),
      'at-risk',
      'order: at risk, because of payments',
      '/map?process=order',
    ],
    [process('ok'), 'map', 'order: ok', '/map'],
    [check, 'checks', 'Search answers: critical, no answer', '/checks/smoke%2Fa%20b'],
    [
      own('demo.told', { kind: 'support', text: 'Where is my print?' }),
      'visitors',
      /print/,
      /^\/stream/,
    ],
    [
      own('demo.told', { kind: 'built', text: 'site 1.2', link: '/artefacts' }),
      'release',
      'site 1.2',
      '/artefacts',
    ],
  ] as const)('tells of %# what happened last', (event, step, text, path) => {
    const happened = folded(event).happened.get(step);
    expect(happened?.at).toBe(event.time);
    expect(happened?.text).toMatch(text);
    expect(happened?.path).toMatch(path);
  });

  test('a process that is well again is at risk no more, and the last risk stays told', () => {
    const state = folded(process('down', ['site']), process('ok'));
    expect(state.happened.get('at-risk')?.text).toBe('order: down, because of site');
    expect(state.happened.get('map')?.text).toBe('order: ok');
  });

  test('shows the suspects of the alert that it showed', () => {
    const other = alert('opened', { alert: 'a2', title: 'the disk is full' });
    const paths = (...facts: readonly PlacedEvent[]) => {
      const { happened } = folded(...facts);
      return [happened.get('alert')?.path, happened.get('suspects')?.path];
    };
    expect(paths(other)).toEqual(['/alerts/a2', undefined]);
    expect(paths(alert('opened', { suspects }), other)).toEqual(['/alerts/a1', '/alerts/a1']);
    expect(paths(alert('opened', {}), other, alert('updated', { suspects }))).toEqual([
      '/alerts/a1',
      '/alerts/a1',
    ]);
  });

  test('has ten steps, each with a name of its own', () => {
    expect(new Set(tour.map(({ id }) => id)).size).toBe(10);
  });
});

test('of several readings of an architecture the newest counts, and what nobody can tell is left out', () => {
  const reading = (time: number, data: Json) => ({ service: 'threads', time, data });
  const seen = architecturesIn([
    reading(2, { imported: 7, lost: 'none', sees: ['its /healthz'] }),
    reading(1, { imported: 3, done: 1 }),
  ]);
  expect(seen.map(({ name }) => name)).toEqual(['one-program', 'threads', 'processes']);
  expect(seen[0]).toEqual({ name: 'one-program', at: undefined, counts: {}, sees: [] });
  expect(seen[1]).toEqual({
    name: 'threads',
    at: 2,
    counts: { imported: 7 },
    sees: ['its /healthz'],
  });
});

test('whatever is told, the fold stands, and stays within its bounds', () => {
  const anything = fc
    .tuple(fc.constantFrom(...happenings), fc.jsonValue())
    .map(([happening, data]) =>
      placed({ ...factOf(happening, { at: 1, subject: 's' }), data: data as Json }),
    );
  const telling = fc
    .record({
      kind: fc.constantFrom('merged', ...chaosKinds),
      text: fc.string(),
      said: fc.string(),
    })
    .chain((data) => fc.constantFrom(...happenings).map((happening) => own(happening, data)));
  fc.assert(
    fc.property(fc.array(fc.oneof(anything, telling), { maxLength: 60 }), (events) => {
      const state = folded(...events);
      expect(state.story.length).toBeLessThanOrEqual(maxStory);
      expect([...state.chaos.keys()].every((kind) => chaosKinds.includes(kind))).toBe(true);
      expect(folded(...events)).toEqual(state);
    }),
  );
});
