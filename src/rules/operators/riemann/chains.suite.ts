import { combine, type RuleEvent, type Stream } from '../../rules.ts';
import { type Chain, listed, listOf } from './riemann.suite.ts';

const everything = 1_000;
const plus = (sum: number, { metric = 0 }: RuleEvent): number => sum + metric;
const keep = (list: readonly RuleEvent[], event: RuleEvent): readonly RuleEvent[] => [
  ...list,
  event,
];
const label = (name: string, value: string) => (event: RuleEvent) => ({
  attributes: { ...event.attributes, [name]: value },
});
const state = (value: string) => () => ({ state: value });
/** Older than its ttl when it came, or said to be expired. */
const expired = ({ state: said, ttl, time, received }: RuleEvent): boolean =>
  said === 'expired' || (ttl !== undefined && received - time > ttl * 1000);

/** The last two readings as a slope per second; 0 for one alone. */
function slope(list: readonly RuleEvent[]): number {
  const [a, b] = list.slice(-2);
  if (!a || !b) return 0;
  return ((b.metric ?? 0) - (a.metric ?? 0)) / ((b.time - a.time) / 1000);
}

function split(from: Stream): ReturnType<typeof from.route<'critical' | 'warn'>> {
  return from.route({ critical: 'metric > 10', warn: 'metric > 5' });
}

/** The least-squares line through the readings, so many seconds behind the last. */
function forecast(list: readonly RuleEvent[], ahead: number): number | undefined {
  if (list.length < 2) return undefined;
  const last = list.at(-1)?.time ?? 0;
  const xs = list.map(({ time }) => (time - last) / 1000);
  const ys = list.map(({ metric = 0 }) => metric);
  const mean = (of: readonly number[]): number => of.reduce((a, b) => a + b, 0) / of.length;
  const [mx, my] = [mean(xs), mean(ys)];
  const above = xs.reduce((sum, x, i) => sum + (x - mx) * ((ys[i] ?? 0) - my), 0);
  const below = xs.reduce((sum, x) => sum + (x - mx) ** 2, 0);
  return my + (above / below) * (ahead - mx);
}

interface Moving {
  readonly newest: number;
  readonly list: readonly RuleEvent[];
  readonly late: boolean;
}

/** Riemann's moving-time-window: at each event that is not late, those of the last two seconds. */
const moving: Chain = (from) =>
  from.window({ last: everything }).fold<Moving>(
    { newest: 0, list: [], late: false },
    ({ newest, list }, event) =>
      event.time < newest
        ? { newest, list, late: true }
        : { newest: event.time, list: [...list, event], late: false },
    ({ newest, list, late }) =>
      late ? undefined : listOf(list.filter(({ time }) => time > newest - 2_000)),
  );

const project: Chain = (from) =>
  combine(
    { foo: from.where('service = "foo"'), bar: from.where('service = "bar"') },
    ({ foo, bar }) => listOf([foo, bar]),
  );

interface Clocks {
  readonly ahead: Readonly<Record<string, number>>;
  readonly skew: number;
}

/** How far the clock of a host is from the median of all, of which each ran on since it was told. */
const skew: Chain = (from) =>
  from.window({ last: everything }).fold<Clocks>(
    { ahead: {}, skew: 0 },
    ({ ahead }, { host = '', time, received }) => {
      const now = { ...ahead, [host]: time - received };
      const sorted = Object.values(now).toSorted((a, b) => a - b);
      const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
      return { ahead: now, skew: (time - received - median) / 1000 };
    },
    (clocks) => clocks.skew,
  );

const aligned: Chain = (from) => listed(from.window({ every: '2s' }));
const pairs: Chain = (from) => listed(from.window({ count: 2 }));

/** Each of Riemann's vectors in the language. */
export const chains: Readonly<Record<string, Chain>> = {
  'counter-1': (from) => from.window({ last: everything }).sum(),
  'counter-2-reset': (from) =>
    from.window({ last: everything }).fold(
      100,
      (sum, event) => (event.tags?.includes('reset') ? (event.metric ?? 0) : plus(sum, event)),
      (sum) => sum,
    ),
  'reduce-implicit': (from) =>
    from
      .window({ last: everything })
      .fold([] as readonly RuleEvent[], keep, (list) =>
        list.length < 2 ? undefined : list.reduce(plus, 0),
      ),
  'reduce-explicit': (from) => from.window({ last: everything }).fold(1, plus, (sum) => sum),
  'match-regex': (from) => from.where('state ~= "^mi"'),
  'match-map': (from) => from.where('host = "other" and state ~= "^mi"'),
  'match-nil': (from) => from.where('host = nil'),
  'tagged-all': (from) => from.where('tagged "kitten" and tagged "cat"'),
  'tagged-any': (from) => from.where('tagged "kitten" or tagged "cat"'),
  'tag-add': (from) =>
    from.map(({ tags = [] }) => ({ tags: [...new Set(['foo', 'bar', ...tags])] })),
  untag: (from) =>
    from.map(({ tags = [] }) => ({ tags: tags.filter((tag) => !['foo', 'bar'].includes(tag)) })),
  'split-default': (from) => {
    const { critical, warn, else: rest } = split(from);
    return critical.map(state('critical')).merge(warn.map(state('warn')), rest.map(state('ok')));
  },
  'split-nodefault': (from) => {
    const { critical, warn } = split(from);
    return critical.map(state('critical')).merge(warn.map(state('warn')));
  },
  'where-else': (from) => {
    const { a, else: rest } = from.route({ a: 'service ~= "a"' });
    return a.map(label('r', 'a')).merge(rest.map(label('r', 'else')));
  },
  'where-expired': (from) => from.where(expired),
  'default-kv': (from) => from.map(({ service = 'foo' }) => ({ service })),
  'with-kv': (from) => from.map(() => ({ service: 'foo' })),
  'with-map-unset': (from) => from.map(() => ({ service: 'foo', state: undefined })),
  'pipe-multi': (from) => from.level({ critical: 'metric > 0.9', warning: 'metric > 0.5' }),
  'fill-in-gap-expiry': (from) =>
    from.merge(
      from
        .where('state != "expired"')
        .absent('50ms')
        .where('state = "critical"')
        .map(() => ({ metric: 0, state: undefined })),
    ),
  'fill-in-last': (from) =>
    from.merge(
      from
        .where('state != "expired"')
        .window({ idle: '50ms' })
        .fold(
          '',
          (_, { host = '' }) => host,
          (host) => ({ host, metric: 0 }),
        ),
    ),
  'interpolate-constant': (from) =>
    from
      .window({ every: '100ms', size: '1s' })
      .fold(
        0,
        (_, { metric = 0 }) => metric,
        (last) => last,
      )
      .merge(from.where('state = "expired"')),
  'ddt-events': (from) =>
    from
      .window({ last: 2 })
      .fold([] as readonly RuleEvent[], keep, (list) =>
        list.length < 2 ? undefined : slope(list),
      ),
  'ddt-interval-1': (from) =>
    from.window({ every: '1s', size: '2s' }).fold([] as readonly RuleEvent[], keep, slope),
  'ddt-interval-zeroes': (from) =>
    from.window({ every: '2s', size: '4s' }).fold([] as readonly RuleEvent[], keep, slope),
  'rate-without-input': (from) => from.rate('1s'),
  'rate-expiration': (from) => from.rate('1s'),
  'rate-tap': (from) => from.rate('5s'),
  'fold-interval-sum': (from) => from.window({ every: '1s' }).sum(),
  changed: (from) => from.changed('state'),
  'changed-init': (from) => from.changed('state', { from: 'ok' }),
  'changed-pairs': (from) =>
    from.window({ last: 2 }).fold([] as readonly RuleEvent[], keep, (list) => {
      const [a, b] = list;
      return b === undefined || a?.state === b.state ? undefined : listOf(list);
    }),
  'changed-state-by': (from) => from.by('host', 'service').changed(),
  over: (from) => from.where('metric > 1.5'),
  under: (from) => from.where('metric < 1.5'),
  'ewma-timeless-half': (from) =>
    from.window({ last: everything }).fold(
      0,
      (mean, { metric = 0 }) => mean / 2 + metric / 2,
      (mean) => mean,
    ),
  'top-displace': (from) => from.by('service').top(2, '1s'),
  'top-ring': (from) => from.by('service').top(2, '1s'),
  'top-demotion': (from) => from.by('service').top(1, '1s'),
  throttle: (from) => from.throttle(3, '2s'),
  'rollup-1-2': (from) => from.map(({ attributes }) => texted(attributes)).digest(1, '2s'),
  'rollup-2-1': (from) => from.map(({ attributes }) => texted(attributes)).digest(2, '1s'),
  'batch-incomplete': pairs,
  'batch-overflow': pairs,
  'stable-spike': (from) => from.stable('3s', 'x'),
  'stable-flap': (from) => from.stable('3s', 'x'),
  'stable-silent': (from) => from.stable('10s', 'x'),
  'project-basic': project,
  'project-expire': project,
  'project-ttl': project,
  'adjust-concat': (from) => from.map((event) => ({ state: `${event.state ?? ''} 2` })),
  'moving-event-window': (from) => listed(from.window({ last: 2 })),
  'fixed-event-window': pairs,
  'runs-3': (from) => from.consecutive(3),
  'moving-time-window': moving,
  'moving-time-window-ooo': moving,
  'fixed-time-window': aligned,
  'fixed-time-window-gap': (from) => from.window({ every: '2s' }).count(),
  'fixed-time-window-ooo': aligned,
  'fixed-offset-time-window': aligned,
  'fixed-offset-time-window-ooo': aligned,
  apdex: (from) =>
    from
      .where('state != "expired"')
      .window({ every: '1s' })
      .fold(
        { all: 0, good: 0 },
        ({ all, good }, event) => ({ all: all + 1, good: good + worth(event) }),
        ({ all, good }) => good / all,
      ),
  'clock-skew': skew,
  'expired-time': (from) => from.where(expired),
  'predict-linear': (from) =>
    from.window({ last: 5 }).fold([] as readonly RuleEvent[], keep, (list) => forecast(list, 60)),
  'percentiles-101': (from) => from.window({ every: '1s' }).quantiles(0, 0.5, 0.95, 0.99, 1),
};

function worth({ state: said }: RuleEvent): number {
  if (said === 'ok') return 1;
  return said === 'warning' ? 0.5 : 0;
}

function texted(attributes: RuleEvent['attributes']): Partial<RuleEvent> {
  return { attributes: { ...attributes, text: attributes?.['n'] ?? '' } };
}
