import { expect, test } from 'vitest';
import vectors from '../../../../test/vectors/stream.json' with { type: 'json' };
import { chains } from './chains.suite.ts';
import { play, type Said, type Step } from './riemann.suite.ts';

/** Where Territory answers something else than Riemann, or not all that it does; and why. */
interface Exception {
  readonly why: string;
  /** What of the expectation is compared; all of it when left out. */
  readonly only?: readonly string[];
  /** The moments are not compared. */
  readonly anyTime?: boolean;
  /** What Territory says instead. */
  readonly says?: readonly Said[];
}

const metricOnly = ['metric'];
/** A made event carries its key, not the fields of some event that went in (rules.md 1.8). */
const fields = 'a made event carries the key, not the fields of an event that went in';
const epoch = 'windows are aligned to the epoch, not to the first event';
/** rules.md 6.5. */
const stableTime = 'stable says one event with the moment as its time, and since when';
const allSeen = 'combine says nothing before all have been seen, nor once one is over';
const ranked = 'top says the whole ranking each interval, and who left it, not each event';
const counted = 'digest says how many and three examples, not all events';
const eventTime = 'what is said has the time of the event, not of the clock';
const sinks = 'who sends makes batches; a window of a count has no time limit';
const list = (...out: readonly object[]): readonly object[] => out;

const exceptions: Readonly<Record<string, Exception>> = {
  'counter-1': {
    why: 'an event without a metric says nothing (Riemann passes it on)',
    says: [
      { at: 0, out: { metric: 2 } },
      { at: 0, out: { metric: 5 } },
    ],
  },
  'counter-2-reset': { why: fields, only: metricOnly },
  'interpolate-constant': {
    why: 'a window is said at its end, so the first value at 0.1 s and not at 0',
    says: [
      ...[1, 1, 2, 2, 3, 3].map((metric, i) => ({ at: (i + 1) / 10, out: { metric } })),
      { at: 0.66, out: { metric: 4, state: 'expired' } },
    ],
  },
  'rate-without-input': { why: fields, only: metricOnly },
  'rate-expiration': { why: fields, only: metricOnly },
  apdex: { why: fields, only: metricOnly },
  'clock-skew': { why: `${fields}; ${eventTime}`, only: metricOnly, anyTime: true },
  'where-expired': { why: eventTime, anyTime: true },
  'expired-time': { why: eventTime, anyTime: true },
  'percentiles-101': {
    why: 'which quantile it is stands in q, not in the service',
    only: metricOnly,
  },
  'top-displace': {
    why: ranked,
    says: [
      { at: 0, out: { service: 'c', metric: 3, rank: 1 } },
      { at: 0, out: { service: 'b', metric: 2, rank: 2 } },
    ],
  },
  'top-ring': {
    why: ranked,
    says: [
      { at: 0, out: { service: 'd', metric: 5, rank: 1 } },
      { at: 0, out: { service: 'c', metric: 4, rank: 2 } },
    ],
  },
  'top-demotion': { why: ranked, says: [{ at: 0, out: { service: 'b', metric: 2, rank: 1 } }] },
  'rollup-1-2': {
    why: counted,
    says: [
      { at: 0, out: { n: 'a' } },
      { at: 2, out: { metric: 2, text: '2 more: b, c' } },
      { at: 4, out: { metric: 3, text: '3 more: d, e, f' } },
    ],
  },
  'rollup-2-1': {
    why: counted,
    says: [
      { at: 0, out: { n: 1 } },
      { at: 0, out: { n: 2 } },
      { at: 1, out: { metric: 1, text: '1 more: 3' } },
      { at: 1, out: { n: 4 } },
      { at: 2, out: { metric: 3, text: '3 more: 5, 6, 7' } },
      { at: 2, out: { n: 'foo' } },
    ],
  },
  'batch-incomplete': {
    why: sinks,
    says: [
      { at: 3, out: list({ n: 'a' }, { n: 'b' }) },
      { at: 6, out: list({ n: 'c' }, { n: 'd' }) },
    ],
  },
  'batch-overflow': {
    why: sinks,
    says: [
      { at: 1, out: list({ n: 'a' }, { n: 'b' }) },
      { at: 3, out: list({ n: 'c' }, { n: 'd' }) },
      { at: 5, out: list({ n: 'e' }, { n: 'f' }) },
    ],
  },
  'stable-spike': { why: stableTime, only: ['x'] },
  'stable-flap': { why: stableTime, only: ['x'] },
  'stable-silent': { why: stableTime, only: ['x'] },
  'project-basic': {
    why: allSeen,
    says: [
      { at: 0, out: list({ service: 'foo', a: 2 }, { service: 'bar', b: 3 }) },
      { at: 0, out: list({ service: 'foo', b: 4 }, { service: 'bar', b: 3 }) },
    ],
  },
  'project-expire': {
    why: allSeen,
    says: [{ at: 0, out: list({ service: 'foo', state: 'ok' }, { service: 'bar', state: 'ok' }) }],
  },
  'project-ttl': { why: allSeen, says: [] },
  'fixed-time-window': {
    why: epoch,
    says: [
      { at: 2, out: list({ time: 1 }) },
      { at: 4, out: list({ time: 2 }, { time: 3 }) },
    ],
  },
  'fixed-time-window-gap': {
    why: `${epoch}; folds that count say an empty window, others do not`,
    says: [1, 0, 0].map((metric, i) => ({ at: 2 * (i + 1), out: { metric } })),
  },
  'fixed-time-window-ooo': {
    why: epoch,
    says: [
      { at: 6, out: list({ time: 5 }) },
      { at: 8, out: list({ time: 6 }) },
      { at: 10, out: list({ time: 8 }, { time: 8 }, { time: 9 }) },
    ],
  },
  'fixed-offset-time-window-ooo': {
    why: 'a window has its end as its time, whenever an event shows that it is over',
    says: [
      { at: 6, out: list({ time: 5 }) },
      { at: 8, out: list({ time: 6 }) },
      { at: 10, out: list({ time: 8 }, { time: 8 }, { time: 9 }) },
    ],
  },
};

const streams = vectors.streams as unknown as readonly {
  readonly id: string;
  readonly steps: readonly Step[];
  readonly expect: readonly Said[];
}[];

/** The fields of `wanted` that `found` has; a null in it stands for none. */
function comparable(wanted: unknown, found: unknown, only?: readonly string[]): unknown {
  if (Array.isArray(wanted))
    return wanted.map((one, i) => comparable(one, (found as unknown[] | undefined)?.[i]));
  if (typeof wanted === 'number') return { metric: metricIn(found) };
  const has = (found ?? {}) as Readonly<Record<string, unknown>>;
  const names = Object.keys(wanted as object).filter((name) => only?.includes(name) ?? true);
  return Object.fromEntries(names.map((name) => [name, plain(has[name])]));
}

function metricIn(found: unknown): unknown {
  return plain((found as { readonly metric?: number } | undefined)?.metric);
}

function wantedOf(wanted: unknown, only?: readonly string[]): unknown {
  if (Array.isArray(wanted)) return wanted.map((one) => wantedOf(one));
  if (typeof wanted === 'number') return { metric: plain(wanted) };
  const names = Object.entries(wanted as object).filter(([name]) => only?.includes(name) ?? true);
  return Object.fromEntries(names.map(([name, value]) => [name, plain(value)]));
}

/** Texts and numbers of one meaning alike: fields that Territory has no column for are texts. */
function plain(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return value;
  const number = Number(value);
  return Number.isFinite(number) ? Number(number.toFixed(9)) : value;
}

test('each vector has its chain, and each exception its vector', () => {
  const ids = streams.map(({ id }) => id);
  expect(ids).toHaveLength(66);
  expect(Object.keys(chains).toSorted()).toEqual(ids.toSorted());
  expect(Object.keys(exceptions).filter((id) => !ids.includes(id))).toEqual([]);
});

test.each(streams.map((one) => [one.id, one] as const))('%s', (id, { steps, expect: expected }) => {
  const { says = expected, only, anyTime = false } = exceptions[id] ?? {};
  const moment = (at: number): number => (anyTime ? 0 : Number(at.toFixed(6)));
  const chain = chains[id];
  const said = chain ? play(chain, steps) : [];
  const found = said.map(({ at, out }, i) => [
    moment(at),
    comparable(says[i]?.out ?? {}, out, only),
  ]);
  expect(found).toEqual(says.map(({ at, out }) => [moment(at), wantedOf(out, only)]));
});
