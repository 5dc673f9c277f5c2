import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkDraft } from '../../event/check.ts';
import { defaultLimits } from '../../event/limits.ts';
import { isRefused } from '../decoded.ts';
import { noon, open, refusals, values } from './opened.suite.ts';

const vectors = new URL('../../../test/vectors/wire/', import.meta.url);
/** Datagrams of hot-shots, as they were captured. */
const captured = readFileSync(new URL('dogstatsd.txt', vectors), 'latin1').split('\n---\n');

/** The readings of an interval in which this was sent. */
function readingsOf(...datagrams: readonly string[]) {
  const opened = open();
  const others = datagrams.flatMap((datagram) => opened.datagram(datagram));
  expect(others).toEqual([]);
  return opened.flush();
}

describe('what an interval becomes', () => {
  test('a counter: how much it grew, whatever share of it was sent', () => {
    expect(readingsOf('orders:1|c', 'orders:2|c|@0.5\norders:4|c')).toEqual([
      {
        type: 'metric',
        name: 'orders',
        time: noon + 10_000,
        metric: 9,
        attributes: { 'metric.type': 'delta' },
      },
    ]);
  });

  test('tags: our fields where there are some, labels, and words', () => {
    expect(
      readingsOf('orders:1|c|#env:prod,service:shop,host:web-1,region:eu,zone:a,zone:b,beta'),
    ).toEqual([
      {
        type: 'metric',
        name: 'orders',
        time: noon + 10_000,
        metric: 1,
        service: 'shop',
        host: 'web-1',
        environment: 'prod',
        attributes: { region: 'eu', zone: 'a,b', 'metric.type': 'delta' },
        tags: ['beta'],
      },
    ]);
  });

  test('the order of tags is no difference', () => {
    expect(values(readingsOf('g:1|g|#a:1,b:2', 'g:7|g|#b:2,a:1'))).toEqual({ g: 7 });
    expect(readingsOf('c:1|c|#a:1,b:2', 'c:1|c|#b:2,a:1', 'c:1|c')).toHaveLength(2);
  });

  test('timers: what can be put together over time, and quantiles', () => {
    const times = Array.from({ length: 100 }, (_, i) => i + 1);
    const readings = readingsOf(...times.map((ms) => `checkout:${ms}|ms|#env:prod`));
    const found = values(readings);
    expect(found).toMatchObject({
      'checkout.count': 100,
      'checkout.sum': 5_050,
      'checkout.min': 1,
      'checkout.max': 100,
    });
    for (const [name, exact] of Object.entries({ p50: 51, p95: 96, p99: 100 }))
      expect(Math.abs((found[`checkout.${name}`] ?? 0) / exact - 1)).toBeLessThan(0.0101);
    expect(readings.map(({ name, attributes }) => [name, attributes])).toEqual([
      ['checkout.count', { 'metric.type': 'delta' }],
      ['checkout.sum', { 'metric.type': 'delta', unit: 'ms' }],
      ['checkout.min', { 'metric.type': 'gauge', unit: 'ms' }],
      ['checkout.max', { 'metric.type': 'gauge', unit: 'ms' }],
      ['checkout.p50', { 'metric.type': 'quantile', unit: 'ms' }],
      ['checkout.p95', { 'metric.type': 'quantile', unit: 'ms' }],
      ['checkout.p99', { 'metric.type': 'quantile', unit: 'ms' }],
    ]);
    expect(readings.every(({ environment }) => environment === 'prod')).toBe(true);
  });

  test.each(['h', 'd'])('%s is the same without a unit', (kind) => {
    const readings = readingsOf(`size:10|${kind}|@0.5`);
    expect(values(readings)).toMatchObject({ 'size.count': 2, 'size.sum': 20, 'size.p99': 10 });
    expect(readings.every(({ attributes }) => attributes?.['unit'] === undefined)).toBe(true);
  });

  test('sets: how many different members', () => {
    expect(values(readingsOf('users:a|s\nusers:b|s', 'users:a|s', 'users:1:2,3|s'))).toEqual({
      users: 3,
    });
  });

  test('a set is exact to 1,000 members, then near', () => {
    const opened = open();
    const send = (from: number, to: number): void => {
      for (let i = from; i < to; i++) opened.datagram(`users:user-${i}|s`);
    };
    send(0, 1_000);
    expect(values(opened.flush())).toEqual({ users: 1_000 });
    send(0, 20_000);
    expect(Math.abs((values(opened.flush())['users'] ?? 0) / 20_000 - 1)).toBeLessThan(0.05);
  });

  test('several values in one message', () => {
    expect(values(readingsOf('a:1:2:3|c', 'b:1,2,3|c', 'g:1:5|g'))).toEqual({ a: 6, b: 6, g: 5 });
  });

  test('a series without samples says nothing', () => {
    const opened = open();
    opened.datagram('a:1|c\ng:1|g');
    expect(opened.flush()).toHaveLength(2);
    expect(opened.flush()).toEqual([]);
  });
});

describe('gauges', () => {
  test('a sign is relative, also over intervals', () => {
    const opened = open();
    opened.datagram('g:10|g');
    opened.datagram('g:+5|g\ng:-2.5|g');
    expect(values(opened.flush())).toEqual({ g: 12.5 });
    opened.datagram('g:-2|g');
    expect(values(opened.flush())).toEqual({ g: 10.5 });
    opened.datagram('g:0|g\ng:-3|g');
    expect(values(opened.flush())).toEqual({ g: -3 });
    opened.datagram('new:+4|g');
    expect(values(opened.flush())).toEqual({ new: 4 });
  });

  test.each([
    ['auto', '-1|g|#env:prod', -1],
    ['auto', '-1|g|c:abc', -1],
    ['auto', '+1|g|#env:prod', 6],
    ['auto', '-1|g', 4],
    ['relative', '-1|g|#env:prod', 4],
    ['absolute', '-1|g', -1],
    ['absolute', '+1|g|#env:prod', 1],
  ])('%s: %s after 5 is %d', (signedGauges, message, value) => {
    const opened = open({ signedGauges });
    opened.datagram(`g:5${message.slice(message.indexOf('|'))}`);
    opened.datagram(`g:${message}`);
    expect(values(opened.flush())).toEqual({ g: value });
  });
});

describe('DogStatsD', () => {
  test('datagrams of hot-shots', () => {
    const opened = open();
    const others = captured.flatMap((datagram) => opened.datagram(Buffer.from(datagram, 'latin1')));
    expect(values(opened.flush())).toMatchObject({
      'app.c': 2,
      'app.t.count': 2,
      'app.t.sum': 25,
      'app.g': -1,
      'app.s': 1,
      'app.h.count': 3,
      'app.h.sum': 6,
      'app.d.max': 9,
    });
    expect(opened.samples()).toBe(9);
    expect(others).toEqual([
      {
        type: 'event',
        name: 'app.Deploy v1\nline2',
        state: 'warning',
        time: 1_700_000_000_000,
        host: 'h1',
        environment: 'prod',
        attributes: {
          svc: 'shop',
          severity: 'warning',
          'event.aggregation_key': 'k',
          'event.priority': 'low',
          'event.source_type': 'jenkins',
        },
        data: 'text|with pipe\nsecond line',
      },
      {
        type: 'check',
        name: 'app.db.up',
        state: 'critical',
        time: 1_700_000_000_000,
        host: 'h1',
        environment: 'prod',
        attributes: { svc: 'shop' },
        data: 'down|x\nm: no',
      },
    ]);
  });

  test('1.2: containers, and what the platform knows', () => {
    const [reading] = readingsOf('a:1|c|#env:prod|c:ci-83c0a99c|e:it-false,cn-web,pu-75a2');
    expect(reading?.attributes).toEqual({
      'container.id': '83c0a99c',
      'k8s.container.name': 'web',
      'k8s.pod.uid': '75a2',
      'metric.type': 'delta',
    });
    expect(readingsOf('a:1|c|c:83c0', 'a:1|c|c:83c1', 'a:1|c|c:in-17')).toHaveLength(3);
  });

  test('1.3: what has a time is a reading by itself', () => {
    const opened = open();
    expect(opened.datagram('a:1:2|c|#env:prod|T1767268000\nb:-5|g|T1767268001')).toEqual([
      {
        type: 'metric',
        name: 'a',
        time: 1_767_268_000_000,
        metric: 3,
        environment: 'prod',
        attributes: { 'metric.type': 'delta' },
      },
      {
        type: 'metric',
        name: 'b',
        time: 1_767_268_001_000,
        metric: -5,
        attributes: { 'metric.type': 'gauge' },
      },
    ]);
    expect(opened.samples()).toBe(0);
    expect(opened.flush()).toEqual([]);
  });

  test('fields that are not known are passed', () => {
    expect(values(readingsOf('a:1|c|card:low|x|#env:prod'))).toEqual({ a: 1 });
  });

  test('an event is as long as it says, in bytes', () => {
    const title = 'Grüße\n|#c:x';
    const text = 'é|d:1\\n\n_sc|';
    const bytes = (of: string): number => Buffer.byteLength(of);
    const message = `_e{${bytes(title)},${bytes(text)}}:${title}|${text}|t:error`;
    const opened = open();
    expect(opened.datagram(`${message}\na:1|c\n${message}`)).toMatchObject([
      { type: 'event', name: title, data: 'é|d:1\n\n_sc|', state: 'critical' },
      { name: title },
    ]);
    expect(values(opened.flush())).toEqual({ a: 1 });
  });

  test.each<[string, string, object]>([
    ['no more than it must', '_e{1,0}:a|', { name: 'a', data: '', state: 'ok' }],
    ['success', '_e{1,1}:a|b|t:success', { state: 'ok', attributes: { severity: 'success' } }],
    ['no such word', '_e{1,1}:a|b|t:fire', { state: 'unknown' }],
    ['a container', '_e{1,1}:a|b|c:abc', { attributes: { 'container.id': 'abc' } }],
    ['a long title', `_e{2000,1}:${'é'.repeat(1000)}|b`, { name: 'é'.repeat(1000) }],
  ])('an event with %s', (_, message, expected) => {
    expect(open().datagram(message)).toMatchObject([{ type: 'event', ...expected }]);
  });

  test.each<[string, object]>([
    ['_sc|up|0', { name: 'up', state: 'ok' }],
    ['_sc|up|1|m:slow', { state: 'warning', data: 'slow' }],
    [
      '_sc|up|3|h:web-1|#host:web-2|m:who\\nknows m\\: x',
      { host: 'web-1', data: 'who\nknows m: x' },
    ],
    ['_sc|up|2|m:one\ntwo\n\n', { data: 'one\ntwo' }],
  ])('the service check %s', (message, expected) => {
    expect(open().datagram(message)).toMatchObject([{ type: 'check', ...expected }]);
  });

  test('what follows a check is not its message', () => {
    const opened = open();
    expect(opened.datagram('_sc|up|2|m:one\na:1|c')).toMatchObject([{ data: 'one' }]);
    expect(opened.datagram('_sc|up|2\nnonsense')).toMatchObject([{ name: 'up' }, { refused: {} }]);
    expect(values(opened.flush())).toEqual({ a: 1 });
  });
});

describe('what is wrong', () => {
  test.each([
    ['orders', /no value/],
    [':1|c', /no value/],
    ['orders|c', /no value/],
    ['orders:1', /type is none/],
    ['orders:1|', /type is none/],
    ['orders:1|m', /type is none/],
    ['orders:1|cc', /type is none/],
    ['orders:|c', /no number/],
    ['orders:one|c', /no number/],
    ['orders:0x10|c', /no number/],
    ['orders:nan|g', /no number/],
    ['orders:Infinity|g', /no number/],
    ['orders:1:|c', /no number/],
    ['orders:1e999|c', /no number/],
    ['orders:1|c|@0', /sample rate/],
    ['orders:1|c|@2', /sample rate/],
    ['orders:1|c|@', /sample rate/],
    ['orders:1|c|Tx', /time/],
    ['users:|s', /member/],
    ['_e{5,5}:ab|c', /as long as/],
    ['_e{1,1}:abc', /as long as/],
    ['_e{x', /as long as/],
    ['_sc|up|4', /status/],
    ['_sc||1', /status/],
  ])('%s', (message, reason) => {
    const opened = open();
    const [refusal, ...more] = refusals(opened.datagram(`ok:1|c\n${message}\nok:1|c`));
    expect(refusal).toMatchObject({
      code: 'TERR_INTAKE_DECODE',
      message: expect.stringMatching(reason) as string,
      line: 2,
      sample: message,
    });
    expect(more).toEqual([]);
    expect(values(opened.flush())).toEqual({ ok: 2 });
  });

  test('no event could hold it: said at once, and not at each flush', () => {
    const opened = open();
    const tags = Array.from({ length: 200 }, (_, i) => `label${i}:x`).join(',');
    expect(refusals(opened.datagram(`${'n'.repeat(1_025)}:1|c\na:1|c|#${tags}`))).toMatchObject([
      { code: 'TERR_EVENT_FIELD', field: 'name' },
      { code: 'TERR_EVENT_FIELD', field: 'attributes' },
    ]);
    expect(opened.flush()).toEqual([]);
  });
});

describe('bounds', () => {
  test('a million tags cost only the newcomers', () => {
    const opened = open({ maxKeys: 1_000 });
    opened.datagram('known:1|c\nlevel:5|g');
    opened.flush();
    opened.datagram('known:1|c');
    const codes = new Set<string>();
    let refused = 0;
    for (let i = 0; i < 1_000_000; i += 10) {
      const lines = Array.from({ length: 10 }, (_, j) => `flood:1|c|#id:${i + j}`).join('\n');
      const found = refusals(opened.datagram(`${lines}\nknown:1|c`));
      for (const { code } of found) codes.add(code);
      refused += found.length;
    }
    expect([...codes]).toEqual(['TERR_INTAKE_KEYS']);
    expect(refused).toBe(1_000_000 - 998);
    const readings = opened.flush();
    expect(readings).toHaveLength(999);
    expect(values(readings)).toMatchObject({ known: 100_001 });
    // The flood's keys have gone, what was there before is still known.
    opened.datagram('known:1|c\nlevel:+1|g\nnew:1|c');
    for (let i = 0; i < 997; i++) expect(opened.datagram(`other:1|c|#id:${i}`)).toEqual([]);
    expect(values(opened.flush())).toMatchObject({ known: 1, level: 6, new: 1, other: 1 });
  });

  test('a gauge is forgotten after an hour of silence', () => {
    const opened = open();
    opened.datagram('g:5|g');
    opened.flush();
    opened.later(3_500_000);
    opened.datagram('g:+1|g');
    expect(values(opened.flush())).toEqual({ g: 6 });
    opened.later(3_600_000);
    opened.flush();
    opened.datagram('g:+1|g');
    expect(values(opened.flush())).toEqual({ g: 1 });
  });
});

test('whatever comes: nothing is thrown, and all that is given can be taken', () => {
  const piece = fc.oneof(
    fc.constantFrom(...captured, 'a:1|c', 'b:+1|g|#x:y', '_e{1,1}:a|b', '_sc|a|1|m:x', 'a:1|c|T1'),
    fc.constantFrom(...':|@#,_e{}\n\r\0Tcgms0123456789.-+é'.split('')),
    fc.string(),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 30 }),
      fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 3 }),
      (pieces, changes) => {
        const bytes = Buffer.from(pieces.join(''));
        for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
        const opened = open();
        const decoded = [...opened.datagram(bytes), ...opened.flush()];
        const wrong = decoded
          .filter((one) => !isRefused(one))
          .map((one) => checkDraft(one, { ...defaultLimits, readingAge: 1e14 }, noon))
          .filter((checked) => 'refusal' in checked && checked.refusal.field !== 'time');
        expect(wrong).toEqual([]);
      },
    ),
    { numRuns: 2_000 },
  );
});
