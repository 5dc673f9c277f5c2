import { expect, test } from 'vitest';
import type { Event } from '../../../event/event.ts';
import type { Decision } from '../../../rules/decision.ts';
import { Engine } from '../../../rules/engine/engine.ts';
import { collectRulesNow } from '../../../rules/language/collect.ts';
import { operators } from '../../../rules/operators/table.ts';
import { events as all, rule } from '../../../rules/rules.ts';
import type { Cursors } from './messages.ts';
import { Seating } from './seating.ts';
import type { FileVersion, Versions } from './versions.ts';
import type { ReadSome } from './warming.ts';

/** Events of three hosts, one each 100 ms, with a number and a state that changes now and then. */
const recording: readonly Event[] = Array.from({ length: 600 }, (_, n) => ({
  id: `e${n}`,
  type: 'metric',
  source: 'test',
  name: 'x',
  host: `h${n % 3}`,
  metric: (n * 7) % 11,
  state: Math.floor(n / 90) % 2 === 0 ? 'ok' : 'critical',
  time: 1_000_000 + n * 100,
  received: 1_000_000 + n * 100,
}));

const options = { lateness: '0s' } as const;
const x = all.where('name = "x"').by('host');
const sums = (every: '1s' | '3s') => (): void =>
  rule('sums', options, () =>
    x
      .window({ every })
      .sum()
      .emit({ name: `sum of ${every}` }),
  );
const changes = (): void =>
  rule('changes', options, () => x.changed('state').alert({ title: '{host} is {state}' }));

let count = 0;
function version(...declare: readonly (() => void)[]): Versions {
  const plans = collectRulesNow(() => declare.forEach((one) => one()));
  const rules = plans.map((plan) => ({ ...plan, line: 1, column: 1 }));
  const made: FileVersion = { file: 'a.ts', digest: String(count++), rules };
  return new Map([['a.ts', made]]);
}

/** What rules decide of the recording, with the event at which they did. */
class Live {
  readonly decided: (Decision & { readonly nth: number })[] = [];
  readonly seating: Seating;
  readonly engine: Engine;
  at = 0;

  constructor(kept: ConstructorParameters<typeof Seating>[1] = []) {
    const given = {
      kinds: operators,
      onDecision: (decision: Decision) => void this.decided.push({ ...decision, nth: this.at }),
      onProblem: ({ message }: { readonly message: string }) => expect.fail(message),
    };
    this.engine = new Engine(given);
    const placeAt = (time: number): Cursors => ({
      facts: 1,
      readings: Math.min(
        recording.findIndex(({ received }) => received >= time),
        this.at,
      ),
    });
    this.seating = new Seating({ ...given, engine: this.engine, placeAt }, kept);
  }

  take(versions: Versions): readonly string[] {
    const now = recording[this.at]?.received ?? 0;
    return this.seating.take(versions, { at: this.cursors, now, stops: {} });
  }

  get cursors(): Cursors {
    return { facts: 1, readings: this.at };
  }

  /** Goes on to an event; in between those that are warmed get ahead by some events each time. */
  async to(end: number, warmed = 20): Promise<void> {
    while (this.at < end) {
      const event = recording[this.at];
      if (event) this.engine.batch([event]);
      this.at++;
      await this.seating.warm(this.cursors, 0, readSome(warmed));
    }
  }
}

function readSome(most: number): ReadSome {
  return async (from, to, take) => {
    const end = Math.min(to.readings, from.readings + most);
    take(recording.slice(from.readings, end));
    return { facts: to.facts, readings: end };
  };
}

async function whole(versions: Versions): Promise<Live['decided']> {
  const live = new Live();
  live.take(versions);
  await live.to(recording.length, 1_000);
  return live.decided;
}

/** Sorted: keys whose windows end together are said in the order in which they were first seen. */
const idsFrom = (decided: Live['decided'], event: number) =>
  decided
    .filter(({ nth }) => nth >= event)
    .map(({ id }) => id)
    .toSorted();

test('a rule that was put in late decides from then on as if it had always run', async () => {
  const live = new Live();
  live.take(version());
  await live.to(305);
  live.take(version(sums('3s')));
  expect(live.seating.rules()).toMatchObject([{ warming: true, run: undefined }]);
  await live.to(recording.length);
  expect(live.seating.rules()).toMatchObject([{ warming: false }]);
  // What came while it was being warmed is decided a little later, and not left out.
  const expected = idsFrom(await whole(version(sums('3s'))), 305);
  expect(idsFrom(live.decided, 0)).toEqual(expected);
});

test('a changed rule takes over once it is warm; until then the old version decides', async () => {
  const live = new Live();
  live.take(version(sums('1s')));
  await live.to(305, 1_000);
  live.take(version(sums('3s')));
  await live.to(recording.length);
  const swapped = live.decided.find((one) => isOf(one, '3s'))?.nth ?? 0;
  const old = await whole(version(sums('1s')));
  const next = await whole(version(sums('3s')));
  expect(swapped).toBeGreaterThan(305);
  const [before, after] = ['1s', '3s'].map((every) =>
    live.decided.filter((one) => isOf(one, every)).map(({ id }) => id),
  );
  expect(before).toEqual(old.slice(0, before?.length).map(({ id }) => id));
  expect(after?.toSorted()).toEqual(idsFrom(next, swapped));
});

test('an operator that is where it was keeps what it knew', async () => {
  const live = new Live();
  live.take(version(changes));
  await live.to(305, 1_000);
  live.take(version(changes, sums('1s')));
  await live.to(recording.length);
  const expected = (await whole(version(changes))).map(({ id }) => id);
  const alerts = live.decided.filter(({ kind }) => kind === 'alert').map(({ id }) => id);
  expect(alerts).toEqual(expected);
});

test('after a restart it goes on with what was kept; rules that are gone are told', async () => {
  const first = new Live();
  first.take(version(changes, sums('1s')));
  await first.to(305, 1_000);
  const second = new Live(structuredClone(first.engine.snapshot()));
  second.at = 305;
  expect(second.take(version(changes))).toEqual(['sums']);
  await second.to(recording.length);
  const decided = [...first.decided, ...second.decided].filter(({ kind }) => kind === 'alert');
  expect(decided.map(({ id }) => id)).toEqual((await whole(version(changes))).map(({ id }) => id));
});

test('a rule that is changed again while it is warmed is warmed again', async () => {
  const live = new Live();
  live.take(version());
  await live.to(305);
  live.take(version(sums('1s')));
  live.take(version(sums('3s')));
  await live.to(recording.length);
  expect(live.decided.every((one) => isOf(one, '3s'))).toBe(true);
  expect(live.decided.length).toBeGreaterThan(10);
});

function isOf(decision: Decision, every: string): boolean {
  return decision.kind === 'emit' && decision.event.name === `sum of ${every}`;
}
