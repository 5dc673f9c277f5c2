import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkDraft } from '../../event/check.ts';
import type { Draft, Json } from '../../event/event.ts';
import { isRecord } from '../../event/json.ts';
import { defaultLimits } from '../../event/limits.ts';
import { logEvent } from './log-line.ts';
import { fromRecord, type Origin } from './record.ts';
import { severityOf } from './severity.ts';
import { timeOf } from './times.ts';

const now = Date.UTC(2026, 5, 1, 12);

function eventOf(text: string, origin?: Origin): Draft {
  const record: unknown = JSON.parse(text);
  if (!isRecord(record)) throw new Error('no object');
  return logEvent(fromRecord(record as Record<string, Json>, origin), now);
}

describe('lines of loggers', () => {
  test('pino', () => {
    const line =
      '{"level":50,"time":1780315200123,"pid":17,"hostname":"web-1","name":"shop","err":{"type":"TypeError","message":"no","stack":"TypeError: no\\n  at x"},"trace_id":"4bf9","msg":"checkout failed"}';
    expect(eventOf(line)).toEqual({
      type: 'log',
      time: 1_780_315_200_123,
      service: 'shop',
      host: 'web-1',
      state: 'critical',
      attributes: {
        'process.pid': '17',
        name: 'shop',
        'exception.type': 'TypeError',
        'exception.message': 'no',
        'exception.stacktrace': 'TypeError: no\n  at x',
        'trace.id': '4bf9',
        severity: 'error',
      },
      data: 'checkout failed',
    });
  });

  test('bunyan', () => {
    const line =
      '{"name":"shop","hostname":"web-1","pid":17,"level":40,"msg":"slow","time":"2026-06-01T11:59:59.001Z","v":0}';
    expect(eventOf(line)).toMatchObject({
      service: 'shop',
      state: 'warning',
      data: 'slow',
      time: now - 999,
    });
  });

  test('winston', () => {
    const line =
      '{"level":"warn","message":"slow","timestamp":"2026-06-01 11:59:59","order":{"id":7}}';
    expect(eventOf(line)).toMatchObject({
      state: 'warning',
      data: 'slow',
      time: now - 1000,
      attributes: { severity: 'warn', 'order.id': '7' },
    });
  });

  test('Elastic Common Schema', () => {
    const line =
      '{"@timestamp":"2026-06-01T12:00:00.000Z","log.level":"ERROR","message":"m","service":{"name":"shop","environment":"prod"},"host":{"name":"h"},"trace.id":"ab"}';
    expect(eventOf(line)).toMatchObject({
      service: 'shop',
      host: 'h',
      state: 'critical',
      attributes: { 'trace.id': 'ab', severity: 'error' },
    });
  });

  test('what the line says of its service goes before what is configured; its logger does not', () => {
    const origin = { service: 'set', host: 'here', environment: 'prod' };
    expect(eventOf('{"msg":"m","service":"own","name":"x"}', origin).service).toBe('own');
    expect(eventOf('{"msg":"m","name":"x"}', origin)).toMatchObject({
      service: 'set',
      host: 'here',
      environment: 'prod',
    });
  });

  test('without a message the record is the body', () => {
    expect(eventOf('{"status":500,"path":"/"}')).toEqual({
      type: 'log',
      attributes: { status: '500', path: '/' },
      data: { status: 500, path: '/' },
    });
  });

  test('more fields than an event holds: nothing is lost', () => {
    const fields = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, i]));
    const event = eventOf(JSON.stringify({ msg: 'm', ...fields }));
    expect(event.data).toEqual({ msg: 'm', ...fields });
    expect(event.attributes).toMatchObject({ 'log.attributes.left_off': '176' });
  });

  test('a clock that is wrong costs the time, not the line', () => {
    const event = eventOf('{"msg":"m","time":"1999-01-01T00:00:00Z"}');
    expect(event.time).toBeUndefined();
    expect(event.attributes).toEqual({ 'log.time': '1999-01-01T00:00:00.000Z' });
  });
});

test.each<[unknown, unknown]>([
  [1_780_315_200, 1_780_315_200_000],
  [1_780_315_200.123, 1_780_315_200_123],
  [1_780_315_200_123, 1_780_315_200_123],
  [1_780_315_200_123_456, 1_780_315_200_123],
  [1_780_315_200_123_456_000, 1_780_315_200_123],
  ['1780315200.5', 1_780_315_200_500],
  ['2018-05-30T09:39:52.000681Z', 1_527_673_192_000],
  ['2018-05-30 09:39:52.000681', 1_527_673_192_000],
  ['2018-05-30 09:39:52,681', 1_527_673_192_681],
  ['2018-05-30T09:39:52+0200', 1_527_665_992_000],
  [17, undefined],
  ['yesterday', undefined],
  [Number.NaN, undefined],
  [true, undefined],
])('the time %s', (value, time) => {
  expect(timeOf(value)).toBe(time);
});

test.each<[unknown, unknown]>([
  ['INFO', { state: 'ok', word: 'info' }],
  ['Warning', { state: 'warning', word: 'warning' }],
  [3, { state: 'critical', word: 'err' }],
  ['3', { state: 'critical', word: 'err' }],
  [30, { state: 'ok', word: 'info' }],
  [35, { state: 'ok', word: 'info' }],
  [100, { state: 'critical', word: 'fatal' }],
  ['audit', { word: 'audit' }],
  [8, undefined],
  [-1, undefined],
  [2.5, undefined],
  ['', undefined],
  [{}, undefined],
])('the level %s', (level, severity) => {
  expect(severityOf(level)).toEqual(severity);
});

test('any record becomes an event that is taken', () => {
  const names = fc.constantFrom(
    'msg',
    'time',
    'level',
    'service',
    'host',
    'kubernetes',
    'stack',
    '__proto__',
  );
  const record = fc.dictionary(fc.oneof(names, fc.string({ unit: 'binary' })), fc.jsonValue());
  fc.assert(
    fc.property(record, (given) => {
      const text = JSON.stringify(given);
      expect(checkDraft(eventOf(text), defaultLimits, now)).toHaveProperty('draft');
    }),
  );
});

test.each(['x', '\ud800', '𝒳'])('texts of %j that are too long are cut', (unit) => {
  const event = logEvent({ message: 'm', attributes: [['a', `y${unit.repeat(10_000)}`]] }, now);
  expect(checkDraft(event, defaultLimits, now)).toHaveProperty('draft');
  expect(event.attributes?.['a']).toMatch(/…$/);
});
