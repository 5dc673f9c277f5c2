import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlacedEvent } from '../../event/codec.ts';
import type { DeploysCommand } from './command.ts';
import { results } from './deploy.ts';
import { DeploysPlay, minute, noon } from './deploys.suite.ts';
import { foldDeploys } from './fold.ts';
import { deploysSource, happenings, typeOf } from './facts.ts';
import { gateWords } from './gates.ts';
import { startGates } from '../gates/state.ts';
import { laneQueue, queueOf } from './queue.ts';
import { maxKept, runningOf, startDeploys, waitingOf } from './state.ts';

const people = fc.integer({ min: 1, max: 20 }).map((one) => `person-${one}`);
const apps = fc.constantFrom('shop', 'search');
const environments = fc.constantFrom('staging', 'production');
/** Which of the deploys so far a command is about. */
const which = fc.nat(30);

type Step = { readonly actor: string; readonly make: (play: DeploysPlay) => DeploysCommand };

const step: fc.Arbitrary<Step> = fc
  .record({
    actor: people,
    app: apps,
    environment: environments,
    which,
    result: fc.constantFrom(...results),
    kind: fc.constantFrom(
      ...(['request', 'request', 'rollback', 'start', 'start', 'end', 'late-end'] as const),
      ...(['cancel', 'refuse', 'approve', 'verify'] as const),
    ),
  })
  .map(({ actor, app, environment, which: at, result, kind }) => ({
    actor,
    make: (play): DeploysCommand => {
      const all = [...play.state.deploys.values()];
      const one = all[at % Math.max(1, all.length)];
      const deploy = one?.id ?? '';
      const token = one?.token ?? 0;
      const asked = { kind: 'request', app, environment, version: String(at) } as const;
      const frozen = { rule: 'freeze', word: 'refuses', reason: 'frozen' } as const;
      const commands: Readonly<Record<typeof kind, DeploysCommand>> = {
        request: { ...asked, what: 'deploy' },
        rollback: { ...asked, what: 'rollback' },
        start: { kind: 'start', deploy, runner: 'box' },
        end: { kind: 'end', deploy, token, result },
        'late-end': { kind: 'end', deploy, token: token - 1, result },
        cancel: { kind: 'cancel', deploy },
        refuse: { kind: 'refuse', deploy, words: [frozen] },
        approve: { kind: 'approve', deploy, gatekeeper: true },
        verify: { kind: 'verify', app, environment, version: String(at) },
      };
      return commands[kind];
    },
  }));

function played(steps: readonly Step[], each: (play: DeploysPlay) => void = () => {}): DeploysPlay {
  const play = new DeploysPlay();
  for (const { actor, make } of steps) {
    play.now += minute;
    try {
      play.give(make(play), actor);
    } catch {
      // Refused.
    }
    each(play);
  }
  return play;
}

const steps = fc.array(step, { maxLength: 60 });

test('never two run in one lane, and every deploy is in one place', () => {
  fc.assert(
    fc.property(steps, (all) => {
      played(all, ({ state }) => {
        const running = [...state.deploys.values()].filter((one) => one.state === 'running');
        const lanes = running.map(({ app, environment }) => `${app} ${environment}`);
        expect(new Set(lanes).size).toBe(lanes.length);
        expect(new Set(runningOf(state))).toEqual(new Set(running));
        const waiting = [...state.deploys.values()].filter((one) => one.state === 'waiting');
        expect(waitingOf(state)).toEqual(waiting);
      });
    }),
  );
});

test('what is over stays as it ended: refused never runs, lost never succeeds', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const ends = new Map<string, string>();
      const { facts } = played(all, ({ state }) => {
        for (const { id, state: how, ended } of state.deploys.values()) {
          if (ended === undefined) continue;
          expect(ends.get(id) ?? how).toBe(how);
          ends.set(id, how);
        }
      });
      const started = facts.filter(({ type }) => type.includes('started'));
      for (const { data } of started) {
        const { deploy = '' } = data as { readonly deploy?: string };
        expect(ends.get(deploy)).not.toBe('refused');
      }
    }),
  );
});

test('tokens of one lane only rise', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const { facts } = played(all);
      const offsets = facts
        .filter(({ type }) => type.includes('.started.'))
        .map((one) => one.offset);
      expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
    }),
  );
});

test('the order of a lane is total: each has its own place, from 1 on, and rollbacks come first', () => {
  fc.assert(
    fc.property(steps, fc.array(which), (all, held) => {
      const play = played(all);
      const ids = waitingOf(play.state).map(({ id }) => id);
      const holds = new Map(held.map((at) => [ids[at % ids.length] ?? '', undefined]));
      for (const { waiting } of queueOf(play.state, play.now, holds)) {
        expect(waiting.map(({ position }) => position)).toEqual(waiting.map((_, at) => at + 1));
        const free = waiting.filter(({ deploy }) => !holds.has(deploy.id));
        expect(waiting.slice(0, free.length)).toEqual(free);
        const back = free.filter(({ deploy }) => deploy.kind === 'rollback');
        expect(free.slice(0, back.length)).toEqual(back);
      }
    }),
  );
});

test('what the facts say is all that there is: folded again they make the same', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const play = played(all);
      let again = startDeploys();
      for (const fact of play.facts) again = foldDeploys(again, fact);
      expect(again).toEqual(play.state);
    }),
  );
});

test('garbage in facts of the room changes nothing and breaks nothing', () => {
  const types = [
    ...happenings.map(typeOf),
    'dev.cdevents.service.deployed.0.3.0',
    'dev.cdevents.service.rolledback.0.3.0',
  ];
  const garbage = fc.record({
    type: fc.constantFrom(...types),
    service: fc.option(fc.string(), { nil: undefined }),
    environment: fc.option(fc.string(), { nil: undefined }),
    data: fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          deploy: fc.jsonValue(),
          kind: fc.jsonValue(),
          stages: fc.jsonValue(),
          customData: fc.jsonValue(),
          from: fc.jsonValue(),
          version: fc.jsonValue(),
        },
        { requiredKeys: [] },
      ),
    ),
  });
  fc.assert(
    fc.property(fc.array(garbage), steps, (all, before) => {
      const play = played(before);
      const open = [...play.state.deploys.keys()];
      let { state } = play;
      for (const [index, one] of all.entries()) {
        const placed = { source: deploysSource, id: `g${index}`, time: noon, received: noon };
        const event = { ...one, ...placed, offset: 9_000 + index, stream: 'facts' };
        state = foldDeploys(state, event as PlacedEvent);
      }
      expect([...state.deploys.keys()]).toEqual(expect.arrayContaining(open));
      for (const { id, version, app, environment } of waitingOf(state)) {
        const question = { id, version, app, environment, kind: 'deploy', by: 'a' } as const;
        const knowledge = { artefact: { known: true } };
        gateWords({ state, gates: startGates(), question, knowledge }, noon);
      }
    }),
  );
});

test('of 200 deploys by 20 people none is lost, and they run one after the other', () => {
  const play = new DeploysPlay();
  const ids = Array.from({ length: 200 }, (_, at) =>
    play.ask({ version: `v${at}`, environment: `e${at % 3}` }, `person-${at % 20}`),
  );
  expect(new Set(ids).size).toBe(200);
  const ran: string[] = [];
  for (let left = 200; left > 0; left--) {
    const [next] = queueOf(play.state, play.now).flatMap(({ waiting }) => waiting.slice(0, 1));
    if (!next) break;
    play.run(next.deploy.id);
    ran.push(next.deploy.id);
  }
  expect(new Set(ran)).toEqual(new Set(ids));
  expect(play.state.counters).toMatchObject({ requested: 200, started: 200, succeeded: 200 });
  for (const environment of ['e0', 'e1', 'e2']) {
    const queue = laneQueue(play.state, { app: 'shop', environment }, { now: play.now });
    expect(queue.waiting).toEqual([]);
  }
});

test('the oldest that are over are forgotten, what waits is not', () => {
  const play = new DeploysPlay();
  const waits = play.ask({ environment: 'elsewhere' });
  for (let at = 0; at < maxKept + 10; at++) play.give({ kind: 'cancel', deploy: play.ask() });
  expect(play.state.deploys.size).toBe(maxKept);
  expect(play.deploy(waits).state).toBe('waiting');
  expect(play.state.counters.forgotten).toBe(11);
});
