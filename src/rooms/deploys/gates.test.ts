import { describe, expect, test } from 'vitest';
import { type GatesCommand, gatesRoom } from '../gates/room.ts';
import { gatesSource } from '../gates/facts.ts';
import { type GatesState, startGates } from '../gates/state.ts';
import { rules } from './deploy.ts';
import { DeploysPlay, hour, lane, minute, noon } from './deploys.suite.ts';
import { gateWords, heldUntil, mayOf, rulesBroken, stateOf, unbreakable } from './gates.ts';
import type { Knowledge, Question } from './knowledge.ts';

/** Locks, freezes, post-its and windows that stand. */
function gatesWith(...commands: readonly GatesCommand[]): GatesState {
  let state = startGates();
  for (const [index, command] of commands.entries()) {
    const context = { now: noon, actor: 'gil', id: `gate-${index}` };
    const draft = gatesRoom.decide(state, command, context);
    const placed = { source: gatesSource, time: noon, received: noon, id: context.id } as const;
    if (draft)
      state = gatesRoom.fold(state, { ...draft, ...placed, offset: index + 1, stream: 'facts' });
  }
  return state;
}

const everything = gatesWith(
  { kind: 'freeze', scope: {}, reason: 'the election', until: noon + 2 * hour },
  { kind: 'lock', scope: { environment: 'production' }, reason: 'moving the database' },
  { kind: 'block', scope: { app: 'shop' }, reason: 'it loses orders', safe: '1' },
  {
    kind: 'window',
    scope: {},
    opens: 'deny',
    schedule: 'daily 11:00-13:00',
    zone: 'UTC',
  },
);

describe('all gates at once', () => {
  function judged(question: Partial<Question>, knowledge: Partial<Knowledge> = {}) {
    const play = new DeploysPlay();
    play.give({
      kind: 'environment',
      environment: 'production',
      changes: {
        after: 'staging',
        approvals: 1,
        newest: true,
        acknowledgements: 'require',
        perHour: 1,
      },
    });
    play.run(play.ask({ version: '7' }));
    play.give({ kind: 'reserve', ...lane, from: noon, until: noon + hour }, 'bob');
    const bad = {
      applied: ['db 7'],
      newest: '3',
      red: ['Smokey is red'],
      authors: [{ author: 'Bob', commits: 1 }],
    };
    const asked = play.judged(question, { ...bad, ...knowledge });
    return { ...asked, gates: everything };
  }
  const words = (question: Partial<Question>): Record<string, string> =>
    Object.fromEntries(
      gateWords(judged(question), noon + minute).map(({ rule, word }) => [rule, word]),
    );

  test('each says its word, in the order of the rules', () => {
    const all = gateWords(judged({}), noon + minute);
    expect(all.map(({ rule }) => rule)).toEqual([...rules]);
    expect(all.filter(({ word }) => word === 'refuses').map(({ rule }) => rule)).toEqual(
      'schema order newest window freeze lock block check'.split(' '),
    );
    expect(all.filter(({ word }) => word === 'waits').map(({ rule }) => rule)).toEqual(
      'reservation rate acknowledgement approval'.split(' '),
    );
    const held = all.filter(({ word }) => word === 'refuses' || word === 'waits');
    expect(held.filter(({ lifts, until }) => lifts === undefined && until === undefined)).toEqual(
      [],
    );
    expect(mayOf(all)).toBe('refused');
  });

  test('who waits, waits for windows, freezes, locks and post-its', () => {
    expect(words({ wait: true })).toMatchObject({
      window: 'waits',
      freeze: 'waits',
      lock: 'waits',
      block: 'waits',
      check: 'refuses',
      schema: 'refuses',
    });
  });

  test('who asks for later is judged by what holds then', () => {
    expect(words({ notBefore: noon + 3 * hour })).toMatchObject({
      window: 'passes',
      freeze: 'passes',
      lock: 'passes',
      block: 'refuses',
      check: 'warns',
      reservation: 'passes',
      rate: 'passes',
    });
  });

  test('the way back waits for nothing that the release itself may have caused', () => {
    expect(words({ kind: 'rollback', version: '0' })).toEqual({
      ...Object.fromEntries(rules.map((rule) => [rule, 'passes'])),
      schema: 'refuses',
      lock: 'warns',
    });
  });

  test('broken glass goes through all but what is not there and what runs', () => {
    const broken = words({ breakGlass: true });
    for (const rule of rules)
      expect(broken[rule]).toBe(unbreakable.includes(rule) ? 'passes' : 'warns');
    const through = rulesBroken(judged({ breakGlass: true }), noon + minute);
    expect(through).toEqual(rules.filter((rule) => !unbreakable.includes(rule)));
    const held = judged({ breakGlass: true }, { artefact: { known: false }, missing: ['KEY'] });
    const left = gateWords(held, noon + minute).filter(({ word }) => word === 'refuses');
    expect(left.map(({ rule }) => rule)).toEqual(['artefact', 'config']);
  });
});

describe('four eyes', () => {
  function play() {
    const one = new DeploysPlay();
    one.give({ kind: 'environment', environment: 'production', changes: { approvals: 1 } });
    const id = one.ask({ digest: 'sha256:2' });
    return { one, id };
  }

  test('an approval of another lets it go', () => {
    const { one, id } = play();
    expect(stateOf(one.words({ id }))).toBe('waiting');
    one.give({ kind: 'approve', deploy: id, gatekeeper: true }, 'gil');
    expect(mayOf(one.words({ id }))).toBe('now');
    expect(stateOf(one.words({ id }))).toBe('queued');
  });

  test('it dies when the artefact is another', () => {
    const { one, id } = play();
    one.give({ kind: 'approve', deploy: id, gatekeeper: true }, 'gil');
    const changed = { artefact: { known: true, digest: 'sha256:other' } };
    expect(one.word('approval', { id }, changed)).toMatchObject([
      { word: 'waits', reason: expect.stringMatching(/changed since it was approved/) },
    ]);
    expect(one.word('artefact', { id }, changed)).toMatchObject([{ word: 'refuses' }]);
  });
});

describe('whose work goes out', () => {
  const authors = [
    { author: 'Bob Bee <bob@example.org>', commits: 3 },
    { author: 'Cat', commits: 1 },
  ];
  function play() {
    const one = new DeploysPlay();
    const changes = { acknowledgements: 'require' } as const;
    one.give({ kind: 'environment', environment: 'production', changes });
    const id = one.ask({ authors });
    const says = () => one.word('acknowledgement', { id }, { authors }).map(({ word }) => word);
    return { one, id, says };
  }

  test('it goes when every author said so', () => {
    const { one, id, says } = play();
    one.give({ kind: 'acknowledge', deploy: id, gatekeeper: false }, 'bob');
    expect(says()).toEqual(['waits']);
    one.give({ kind: 'acknowledge', deploy: id, gatekeeper: false }, 'cat');
    expect(says()).toEqual(['passes']);
  });

  test('a gatekeeper speaks for those who are silent, not for those who object', () => {
    const { one, id, says } = play();
    one.give({ kind: 'object', deploy: id, text: 'mine is not done' }, 'bob');
    one.give({ kind: 'acknowledge', deploy: id, gatekeeper: true }, 'gil');
    expect(one.word('acknowledgement', { id }, { authors })).toMatchObject([
      { word: 'waits', reason: 'bob objects: mine is not done', by: 'bob' },
    ]);
    one.give({ kind: 'acknowledge', deploy: id, gatekeeper: false }, 'bob');
    expect(says()).toEqual(['passes']);
  });
});

test('until when something is held is the last end of what holds it', () => {
  const word = { rule: 'freeze', word: 'waits', reason: '' } as const;
  expect(heldUntil([{ ...word, word: 'passes' }])).toBeUndefined();
  expect(heldUntil([{ ...word, rule: 'lane' }])).toBeUndefined();
  expect(
    heldUntil([
      { ...word, until: 5 },
      { ...word, until: 9 },
    ]),
  ).toEqual({ until: 9 });
  expect(heldUntil([{ ...word, until: 5 }, word])).toEqual({ until: undefined });
});
