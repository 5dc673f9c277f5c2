import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyText, labelsOfText } from '../engine/keys.ts';
import { combine, events, ratio, rule, type Stream } from '../rules.ts';
import { type TestEvent, world, type World } from '../test.ts';

const start = Date.UTC(2024, 1, 29);
const out = { type: 'out' };

function worldOf(chain: (hostly: Stream) => Stream): World {
  return world(() => {
    rule('r', { lateness: '0s' }, () => chain(events.by('host')).emit(out));
  });
}

const a = (more: TestEvent): TestEvent => ({ host: 'a', metric: 1, state: 'ok', ...more });

describe('an event that comes late is left out, and counted', () => {
  test.each([
    ['tumbling window', (s: Stream) => s.window({ every: '5s' }).count()],
    ['sliding window', (s: Stream) => s.window({ every: '5s', size: '10s' }).count()],
    ['session', (s: Stream) => s.window({ idle: '5s' }).count()],
    ['rate', (s: Stream) => s.rate('5s')],
    ['top', (s: Stream) => s.top(1, '5s')],
    ['changed', (s: Stream) => s.changed('metric')],
    ['consecutive', (s: Stream) => s.consecutive(2)],
    ['stable', (s: Stream) => s.stable('1m')],
    ['increase', (s: Stream) => s.increase()],
    ['ewma', (s: Stream) => s.ewma('1m')],
    ['combine', (s: Stream) => combine({ s }, ({ s: last }) => last.metric)],
    ['ratio', (s: Stream) => ratio(s, s)],
  ] as const)('%s', (_, chain) => {
    const w = worldOf(chain);
    w.at('20s', a({ metric: 1 }));
    w.at('30s', a({ metric: 2 }));
    const before = w.out().length;
    w.at('30s', a({ metric: 9, time: start + 1_000 }));
    expect(w.out().length).toBe(before);
    expect(w.stats()[0]?.late).toBeGreaterThan(0);
  });

  test('a sliding window takes it into those of its windows that are still to end', () => {
    const w = worldOf((s) => s.window({ every: '5s', size: '10s' }).count());
    w.at('11s', a({}));
    w.at('11s', a({ time: start + 9_000 }));
    w.advance('1m');
    expect(w.stats()[0]?.late).toBe(0);
    expect(
      w
        .out()
        .map((e) => [(e.time - start) / 1000, e.metric])
        .slice(0, 2),
    ).toEqual([
      [15, 2],
      [20, 1],
    ]);
  });

  test('a clock that is ahead means now', () => {
    const w = worldOf((s) => s.window({ every: '5s' }).count());
    w.at('1s', a({ time: start + 3_600_000 }));
    w.at('2s', a({}));
    w.advance('8s');
    expect(w.out().map((e) => [(e.time - start) / 1000, e.metric])[0]).toEqual([5, 2]);
  });
});

describe('windows', () => {
  test('a session ends after max, however it goes on', () => {
    const w = worldOf((s) => s.window({ idle: '5s', max: '10s' }).count());
    for (let i = 0; i < 15; i++) w.at(`${i}s` as '0s', a({}));
    w.advance('1m');
    expect(w.out().map((e) => [(e.time - start) / 1000, e.metric])).toEqual([
      [10, 10],
      [19, 5],
    ]);
  });

  test('a sum that is no number is not said', () => {
    const w = worldOf((s) => s.window({ count: 2 }).sum());
    for (const metric of [Number.MAX_VALUE, Number.MAX_VALUE, 1, 2]) w.at('1s', a({ metric }));
    expect(w.out().map((e) => e.metric)).toEqual([3]);
  });

  test("a rule's own fold may change its seed, and is asked for each window anew", () => {
    const w = worldOf((s) =>
      s.window({ count: 2 }).fold(
        [] as number[],
        (list, { metric = 0 }) => {
          list.push(metric);
          return list;
        },
        (list) => list.length * 10 + (list.at(-1) ?? 0),
      ),
    );
    for (const metric of [1, 2, 3, 4]) w.at('1s', a({ metric }));
    expect(w.out().map((e) => e.metric)).toEqual([22, 24]);
  });

  test('what throws at the end of one window takes no other with it', () => {
    const w = worldOf((s) =>
      s.window({ every: '5s' }).fold(
        '',
        (_, { host = '' }) => host,
        (host) => {
          if (host === 'a') throw new Error('no host a');
          return 1;
        },
      ),
    );
    w.at('1s', a({}));
    w.at('2s', a({ host: 'b' }));
    w.at('11s', a({ host: 'c' }));
    w.advance('1m');
    expect(w.out().map((e) => e.host)).toEqual(['b', 'c']);
    expect(w.problems()).toMatchObject([{ kind: 'failed', message: 'no host a' }]);
  });

  test.each([
    [{ every: '7s', size: '10s' }, 'size'],
    [{ every: '1s', size: '2h' }, 'at most 3600'],
    [{ last: 20_000 }, 'at most 10000'],
    [{ count: 0 }, 'count'],
    [{}, 'every, idle, count or last'],
  ] as const)('%j is refused', (shape, message) => {
    expect(() => worldOf((s) => s.window(shape as never).count())).toThrow(message);
  });
});

describe('absent', () => {
  test('a recovery that comes late is never before the silence that it ends', () => {
    const w = world(() => {
      rule('r', () => events.by('host').absent('10s').changed().emit(out));
    });
    w.at('0s', a({}));
    w.advance('17s'); // the watermark is at 10 s
    w.at('18s', a({ time: start + 9_000 }));
    expect(w.out().map((e) => [e.state, e.time - start])).toEqual([
      ['critical', 10_000],
      ['ok', 10_000],
    ]);
  });

  test('a roster must have keys of the rule', () => {
    expect(() => worldOf((s) => s.absent('10s', { roster: ['a,b'] }))).toThrow('roster: "a,b"');
    const alone = (): void => {
      rule('r', () => events.absent('10s', { roster: ['a'] }).emit(out));
    };
    expect(() => world(alone)).toThrow('roster');
  });

  test('a reload goes on waiting, and waits for a new roster from then on', () => {
    const rules = (roster: readonly string[]) => () => {
      rule('r', () => events.by('host').absent('10s', { roster }).emit(out));
    };
    const w = world(rules(['b']));
    w.advance('8s');
    w.reload(rules(['b']));
    w.advance('20s');
    expect(w.out().map((e) => [e.host, e.time - start])).toEqual([['b', 10_000]]);
    w.reload(rules(['c']));
    w.advance('30s');
    expect(w.out().map((e) => [e.host, e.time - start])).toEqual([
      ['b', 10_000],
      ['c', 38_000],
    ]);
  });

  test('the text of a key is read back as its values', () => {
    const label = fc.string({ unit: fc.constantFrom('a', ',', '\\', 'ä') });
    fc.assert(
      fc.property(fc.array(label, { minLength: 1 }), (labels) => {
        fc.pre(labels.join() !== '-');
        const key = Object.fromEntries(labels.map((value, i) => [`f${i}`, value]));
        expect(labelsOfText(keyText(key))).toEqual(labels);
      }),
    );
  });
});

describe('joins', () => {
  const [x, y] = [events.where('name = "x"'), events.where('name = "y"')];

  test('combine lets go of what is over by its ttl, strictly', () => {
    const w = world(() => {
      rule('r', () => combine({ x, y }, () => 1).emit(out));
    });
    w.at('0s', { name: 'x', ttl: 10 });
    w.at('10s', { name: 'y' });
    w.at('11s', { name: 'y' });
    expect(w.out().map((e) => e.time - start)).toEqual([10_000]);
  });

  test('a ratio of 0 or of something missing is none', () => {
    const w = world(() => {
      rule('r', () => ratio(x, y).emit(out));
    });
    w.at('1s', { name: 'x', metric: 1 });
    w.at('2s', { name: 'y', metric: 0 });
    w.at('2s', { name: 'x', metric: 1 });
    w.at('3s', { name: 'y', metric: 4 });
    w.at('3s', { name: 'x', metric: 1 });
    expect(w.out().map((e) => e.metric)).toEqual([0.25]);
  });

  test('a cause that arrives after its effect still meets it', () => {
    const w = world(() => {
      rule('r', () => x.followedBy(y, { within: '5s' }).emit(out));
    });
    w.at('3s', { name: 'y' });
    w.at('4s', { name: 'x', id: 'cause', time: start + 2_000 });
    w.at('20s', { name: 'y' });
    expect(w.out().map((e) => [e.name, e.attributes?.['after.id']])).toEqual([['y', 'cause']]);
  });

  test('streams with other keys are not joined, and top needs keys', () => {
    const uneven = (): void => {
      rule('r', () => ratio(x.by('host'), y).emit(out));
    };
    expect(() => world(uneven)).toThrow('same by()');
    const keyless = (): void => {
      rule('r', () => events.top(3, '1m').emit(out));
    };
    expect(() => world(keyless)).toThrow('put a by() before it');
  });
});

describe('scale', () => {
  test('keeps between its bounds, rounds up, and leaves out what is no number', () => {
    const w = world(() => {
      rule('r', () =>
        events.scale({
          target: 'workers',
          want: (e) => e.metric ?? Number.NaN,
          min: 2,
          max: 5,
          cooldown: '1s',
        }),
      );
    });
    for (const [at, metric] of [
      ['0s', 0],
      ['2s', undefined],
      ['4s', 2.1],
      ['6s', 2.9],
      ['8s', 99],
    ] as const)
      w.at(at, metric === undefined ? {} : { metric });
    expect(w.actions('scale').map(({ want }) => want)).toEqual([2, 3, 5]);
  });
});
