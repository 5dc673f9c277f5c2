import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redact, sampleLength } from './redact.ts';
import { SenderBook } from './sender-book.ts';
import { heard, isSilent, newSender, rateOf, turnedAway } from './sender-entry.ts';

const start = Date.UTC(2026, 0, 31, 10);
const minute = 60_000;

describe('one sender', () => {
  test('its rate is that of the last minute, or of the time since it is known', () => {
    const first = heard(newSender('statsd', '10.0.0.7', start), 100, start);
    expect(rateOf(first, start + 10_000)).toBe(10);
    const later = heard(first, 600, start + 5 * minute);
    expect(rateOf(later, start + 5 * minute + 9_999)).toBeCloseTo(10, 1);
    expect(rateOf(later, start + 7 * minute)).toBe(0);
  });

  test('it is silent after six times its usual gap, and no sooner than after a minute', () => {
    let entry = newSender('collectd', 'web-1', start);
    for (let i = 0; i < 10; i++) entry = heard(entry, 5, start + i * 30_000);
    const last = start + 9 * 30_000;
    expect(entry.gap).toBeCloseTo(30_000, 0);
    expect(isSilent(entry, last + 179_000)).toBe(false);
    expect(isSilent(entry, last + 181_000)).toBe(true);
    let fast = newSender('collectd', 'web-2', start);
    for (let i = 0; i < 10; i++) fast = heard(fast, 5, start + i * 2_000);
    expect(isSilent(fast, start + 9 * 2_000 + 59_000)).toBe(false);
    expect(isSilent(fast, start + 9 * 2_000 + 61_000)).toBe(true);
  });

  test('of one that was heard once or twice nothing is usual', () => {
    const once = heard(newSender('github', 'shop', start), 1, start);
    const twice = heard(once, 1, start + minute);
    expect(isSilent(once, start + 1e9)).toBe(false);
    expect(isSilent(twice, start + 1e9)).toBe(false);
  });

  test('what is refused counts, and the last of it is kept', () => {
    const problem = { at: start, code: 'TERR_INTAKE_DECODE', message: 'no number' };
    const entry = turnedAway(newSender('graphite', '::1', start), 3, problem);
    expect(entry).toMatchObject({ refused: 3, accepted: 0, problem });
  });
});

describe('all senders', () => {
  test('the longest silent gives way; the totals stay right', () => {
    const book = new SenderBook(2);
    book.accepted('statsd', 'a', 1, start);
    book.accepted('statsd', 'b', 1, start + 1);
    book.accepted('statsd', 'a', 1, start + 2);
    book.accepted('statsd', 'c', 1, start + 3);
    expect(book.list(start + 4).map(({ sender }) => sender)).toEqual(['c', 'a']);
    expect(book.forgotten).toBe(1);
    expect(book.totals('statsd')).toMatchObject({ accepted: 4, last: start + 3 });
  });

  test('they are known again after a restart', () => {
    const book = new SenderBook(10);
    book.accepted('syslog', '10.0.0.1', 7, start);
    book.refused({ intake: 'syslog', sender: '10.0.0.1', count: 2 }, bad, start + 1);
    const kept = JSON.parse(JSON.stringify(book.entries()));
    const again = new SenderBook(10, kept);
    expect(again.list(start)).toEqual(book.list(start));
    expect(again.totals('syslog').accepted).toBe(0);
  });

  test('the same name by two intakes is two senders', () => {
    const book = new SenderBook(10);
    book.accepted('statsd', '::1', 1, start);
    book.accepted('graphite', '::1', 1, start);
    expect(book.size).toBe(2);
    expect(book.forget('statsd', '::1')).toBe(true);
    expect(book.forget('statsd', '::1')).toBe(false);
    expect(book.size).toBe(1);
  });

  test('however many there are, no more are held than may be', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.nat(1e6))), (all) => {
        const book = new SenderBook(5);
        for (const [sender, count] of all) book.accepted('x', sender, count, start);
        expect(book.size).toBeLessThanOrEqual(5);
        const sum = all.reduce((total, [, count]) => total + count, 0);
        expect(book.totals('x').accepted).toBe(sum);
      }),
    );
  });
});

const bad = { code: 'TERR_INTAKE_DECODE', message: 'no', sample: 'token=abcdef123456' };

test.each([
  ['Authorization: Bearer tty_0123456789abcdef', 'tty_0123456789abcdef'],
  ['{"password":"hunter22","a":1}', 'hunter22'],
  ['https://ben:s3cret@host/x', 's3cret'],
  ['api_key=abc123def&x=1', 'abc123def'],
  ['AKIAIOSFODNN7EXAMPLE', 'AKIAIOSFODNN7EXAMPLE'],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', 'c2lnbmF0dXJl'],
  ['whsec_0123456789abcdef', 'whsec_0123456789abcdef'],
])('of %j the secret is not shown', (text, secret) => {
  expect(redact(text)).not.toContain(secret);
  expect(redact(text)).toContain('[redacted]');
});

test('what is shown is short, and shows what can not be seen', () => {
  expect(redact('a\u0000b\nc\u001b[31m')).toBe('a\\x00b\\nc\\x1b[31m');
  expect(redact('x'.repeat(10_000))).toHaveLength(sampleLength + 1);
  expect(redact('shop.cart:1|c|#env:prod')).toBe('shop.cart:1|c|#env:prod');
});
