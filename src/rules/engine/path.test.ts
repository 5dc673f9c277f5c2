import { expect, test } from 'vitest';
import { events, rule } from '../rules.ts';
import { operators } from '../operators/table.ts';
import { collectRulesNow } from '../language/collect.ts';
import type { EmitDecision } from '../decision.ts';
import type { Event } from '../../event/event.ts';
import { Engine } from './engine.ts';
import { emittedDraft } from './path.ts';

/** Rules whose emitted events are given back to all of them, as the log does. */
function circle(declare: () => void): { readonly send: (event: Partial<Event>) => string[] } {
  const emitted: EmitDecision[] = [];
  const engine = new Engine({
    kinds: operators,
    onDecision: (decision) => decision.kind === 'emit' && emitted.push(decision),
    onProblem: ({ message }) => expect.fail(message),
  });
  engine.seat(collectRulesNow(declare).map((plan) => engine.prepare(plan)));
  return {
    send: (event) => {
      const raw = { id: '1', type: 'metric', source: 'test', time: 1000, received: 1000, ...event };
      let round: readonly Event[] = [raw];
      const paths: string[] = [];
      while (round.length > 0) {
        engine.batch(round);
        round = emitted.splice(0).map((one) => ({ ...raw, ...emittedDraft(one) }) as Event);
        paths.push(...round.map((one) => `${one.attributes?.['rule.path']} ${one.name}`));
      }
      return paths;
    },
  };
}

test('a rule does not see what it emitted, and says which rules led to what it emits', () => {
  const { send } = circle(() => {
    rule('a', () => events.where('name = "x" or name = "b"').emit({ name: 'a' }));
    rule('b', () => events.where('name = "a"').emit({ name: 'b' }));
    rule('all', () => events.where('name = "other"').emit({ name: 'c' }));
  });
  expect(send({ name: 'x' })).toEqual(['a a', 'a>b b']);
  // Rule "all" was given both, and worked with neither.
  expect(send({ name: 'other' })).toEqual(['all c']);
});

test('a chain of rules ends after eight', () => {
  const { send } = circle(() => {
    for (let i = 1; i <= 10; i++)
      rule(`r${i}`, () => events.where(`name = "n${i - 1}"`).emit({ name: `n${i}` }));
  });
  expect(send({ name: 'n0' })).toHaveLength(8);
});

test('what a rule worked with is kept over a restart', () => {
  const rules = () =>
    rule('b', () => events.where('name = "a"').by('host').rate('1s').emit({ name: 'b' }));
  const engine = new Engine({ kinds: operators, onDecision: () => 0, onProblem: () => 0 });
  const [plan] = collectRulesNow(rules);
  if (!plan) throw new Error('one rule');
  const [first, second] = [engine.prepare(plan), engine.prepare(plan)];
  const attributes = { 'rule.path': 'a' };
  first.event({
    id: '1',
    type: 'metric',
    source: 's',
    time: 1,
    received: 1,
    name: 'a',
    attributes,
  });
  second.restore(first.snapshot());
  expect(second.upstream.path).toBe('a>b');
});
