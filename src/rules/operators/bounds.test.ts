import { serialize } from 'node:v8';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../event/event.ts';
import { Engine } from '../engine/engine.ts';
import { collectRulesNow } from '../language/collect.ts';
import type { RulePlan } from '../language/plan.ts';
import { events, rule, type Stream } from '../rules.ts';
import { everyOperator, start } from './play.suite.ts';
import { operators } from './table.ts';

function event(i: number, more: Partial<Event> = {}): Event {
  const time = start + i * 20;
  return {
    id: `e${i}`,
    type: 'metric',
    source: 'test',
    host: 'a',
    name: i % 3 === 0 ? 'y' : 'x',
    state: `state ${i}`,
    metric: i,
    attributes: { user: `user ${i}` },
    time,
    received: time,
    ...more,
  };
}

/** What a rule keeps after these events, in bytes, and how often it let go of something. */
function kept(
  plan: RulePlan,
  given: Iterable<Event>,
): { readonly bytes: number; readonly full: number } {
  const engine = new Engine({
    kinds: operators,
    onDecision: () => undefined,
    onProblem: ({ message }) => {
      throw new Error(message);
    },
  });
  engine.seat([engine.prepare(plan)]);
  for (const one of given) engine.batch([one]);
  const [stat] = engine.stats();
  return { bytes: serialize(engine.snapshot()).length, full: stat?.full ?? 0 };
}

function* many(count: number, more: (i: number) => Partial<Event> = () => ({})): Generator<Event> {
  for (let i = 0; i < count; i++) yield event(i, more(i));
}

const alone = (chain: (hostly: Stream) => Stream): RulePlan => {
  const [plan] = collectRulesNow(() => {
    rule('alone', () => chain(events.by('host')).emit({ type: 'out' }));
  });
  if (!plan) throw new Error('no rule');
  return plan;
};

describe('what an operator keeps of a key does not grow with its events', () => {
  test.each(everyOperator.map((plan) => [plan.name, plan] as const))('%s', (_, plan) => {
    const few = kept(plan, many(4_000)).bytes;
    const more = kept(plan, many(12_000)).bytes;
    expect(more).toBeLessThan(few * 1.2 + 2_000);
  });

  test.each([
    ['quantiles', (s: Stream) => s.window({ every: '1d' }).quantiles(0.5), 64_000],
    ['distinct', (s: Stream) => s.window({ every: '1d' }).distinct('user'), 16_000],
    ['last', (s: Stream) => s.window({ last: 10 }).distinct('user'), 4_000],
  ] as const)('%s in one long window', (_, chain, most) => {
    expect(kept(alone(chain), many(20_000)).bytes).toBeLessThan(most);
  });
});

describe('what a bound takes is counted', () => {
  test('dedupe forgets the oldest of more than 10,000 values', () => {
    const plan = alone((s) => s.dedupe('1d', 'label.user'));
    expect(kept(plan, many(10_000)).full).toBe(0);
    expect(kept(plan, many(10_010)).full).toBe(10);
  });

  test('followedBy and ratio let 16 wait', () => {
    const plan = alone((s) =>
      s.where('name = "x"').followedBy(s.where('name = "z"'), { within: '1d' }),
    );
    expect(
      kept(
        plan,
        many(20, () => ({ name: 'x' })),
      ).full,
    ).toBe(4);
  });

  test('more keys than there may be are left out, and counted', () => {
    const [plan] = collectRulesNow(() => {
      rule('capped', { maxKeys: 10 }, () => events.by('host').changed().emit({ type: 'out' }));
    });
    if (!plan) throw new Error('no rule');
    const problems: string[] = [];
    const engine = new Engine({
      kinds: operators,
      onDecision: () => undefined,
      onProblem: ({ kind }) => problems.push(kind),
    });
    engine.seat([engine.prepare(plan)]);
    engine.batch([...many(25, (i) => ({ host: `host ${i}` }))]);
    expect(engine.stats()[0]).toMatchObject({ keys: 10, refused: 15 });
    expect(problems).toEqual(['capped']);
  });
});
