import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkDraft } from '../../event/check.ts';
import type { Draft } from '../../event/event.ts';
import { defaultLimits } from '../../event/limits.ts';
import { isRefused } from '../decoded.ts';
import { syslogDecoder } from './decode.ts';

const now = Date.UTC(2026, 5, 1, 12);
const decoderIn = (zone?: string, at: number = now) => syslogDecoder({ zone, now: () => at });
const decode = decoderIn();

function eventOf(message: string | Buffer, decoder = decode, at: number = now): Draft {
  const bytes = typeof message === 'string' ? Buffer.from(message) : message;
  const decoded = decoder(bytes, '192.0.2.7');
  if (isRefused(decoded)) throw new Error(decoded.refused.message);
  expect(checkDraft(decoded, defaultLimits, at)).toHaveProperty('draft');
  return decoded;
}

describe('RFC 5424', () => {
  test('with everything', () => {
    const message =
      '<165>1 2026-06-01T11:59:59.003Z mymachine.example.com evntslog 4711 ID47 [exampleSDID@32473 iut="3" eventSource="Appl\\"ic\\]at\\\\ion"][examplePriority@32473 class="high"] \ufeffAn application event log entry…';
    expect(eventOf(message)).toEqual({
      type: 'log',
      time: now - 997,
      service: 'evntslog',
      host: 'mymachine.example.com',
      state: 'ok',
      attributes: {
        'syslog.facility': 'local4',
        'process.pid': '4711',
        'syslog.msgid': 'ID47',
        'sd.exampleSDID@32473.iut': '3',
        'sd.exampleSDID@32473.eventSource': 'Appl"ic]at\\ion',
        'sd.examplePriority@32473.class': 'high',
        severity: 'notice',
      },
      data: 'An application event log entry…',
    });
  });

  test('with nothing: the host is where it came from', () => {
    expect(eventOf('<34>1 - - - - - -')).toEqual({
      type: 'log',
      host: '192.0.2.7',
      state: 'critical',
      attributes: { 'syslog.facility': 'auth', severity: 'crit' },
      data: '',
    });
  });

  test.each<[string, string, object]>([
    ['offset and µs', '<1>1 2026-06-01T05:14:15.000003-07:00 h a p m - x', { time: now + 855_000 }],
    ['rsyslog’s second blank', '<1>1 - h a - - -  x', { data: 'x' }],
    ['a blank that is meant', '<1>1 - h a - - -   x', { data: ' x' }],
    ['no text behind elements', '<1>1 - h a - - [a b="c"]', { data: '' }],
    ['the end of a line', '<1>1 - h a - - - x\r\n\0', { data: 'x' }],
    ['lines inside', '<1>1 - h a - - - x\n  at y', { data: 'x\n  at y' }],
    [
      'a process that is no number',
      '<1>1 - h a main - - x',
      { attributes: { 'syslog.procid': 'main' } },
    ],
    ['an element alone', '<1>1 - h a - - [a] x', { attributes: { 'sd.a': '' } }],
    [
      'addresses of an origin',
      '<1>1 - h a - - [origin ip="a" ip="b"] x',
      { attributes: { 'sd.origin.ip': 'a,b' } },
    ],
    [
      'a backslash that escapes nothing',
      '<1>1 - h a - - [a b="c:\\d"] x',
      { attributes: { 'sd.a.b': 'c:\\d' } },
    ],
    ['data that break off', '<1>1 - h a - - [a b="c] x', { data: '[a b="c] x' }],
    ['a later version', '<1>12 - h a - - - x', { service: 'a', data: 'x' }],
    [
      'names over the RFC’s length',
      `<1>1 - h ${'a'.repeat(100)} - - - x`,
      { service: 'a'.repeat(100) },
    ],
    ['a day that is none', '<1>1 2026-02-30T00:00:00Z h a - - - x', { host: 'h', data: 'x' }],
  ])('%s', (_, message, expected) => {
    expect(eventOf(message)).toMatchObject(expected);
  });

  test('a clock in another century costs the time only', () => {
    const event = eventOf('<1>1 1970-01-01T00:00:09Z router a - - - x');
    expect(event).not.toHaveProperty('time');
    expect(event).toMatchObject({
      host: 'router',
      attributes: { 'log.time': '1970-01-01T00:00:09.000Z' },
    });
  });
});

describe('RFC 3164', () => {
  test('as its examples are', () => {
    expect(
      eventOf("<34>May 31 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8"),
    ).toEqual({
      type: 'log',
      time: Date.UTC(2026, 4, 31, 22, 14, 15),
      service: 'su',
      host: 'mymachine',
      state: 'critical',
      attributes: { 'syslog.facility': 'auth', severity: 'crit' },
      data: "'su root' failed for lonvick on /dev/pts/8",
    });
    expect(eventOf('Use the BFG!')).toMatchObject({
      host: '192.0.2.7',
      state: 'ok',
      attributes: { 'syslog.facility': 'user', severity: 'notice' },
      data: 'Use the BFG!',
    });
  });

  const at = Date.UTC(2026, 5, 1, 9, 8, 7);
  test.each<[string, string, object]>([
    [
      'a day of one digit',
      '<13>Jun  1 09:08:07 h cron[17]: x',
      { time: at, host: 'h', service: 'cron', attributes: { 'process.pid': '17' } },
    ],
    ['a path as tag', '<13>Jun  1 09:08:07 h postfix/smtpd[1]: x', { service: 'postfix/smtpd' }],
    ['brackets without a colon', '<13>Jun  1 09:08:07 h app[1] x', { service: 'app', data: 'x' }],
    [
      'no host',
      '<13>Jun  1 09:08:07 sshd[5]: x',
      { time: at, host: '192.0.2.7', service: 'sshd', data: 'x' },
    ],
    [
      'no tag, as npm syslog-client',
      '<131>Jun  1 09:08:07 h just text, and: more\n',
      { host: 'h', data: 'just text, and: more' },
    ],
    ['neither', '<13>Jun  1 09:08:07 text', { time: at, data: 'text' }],
    ['no time', '<13>app[3]: x', { service: 'app', data: 'x' }],
    [
      'an address as host',
      '<13>Jun  1 09:08:07 fe80::1 app: x',
      { host: 'fe80::1', service: 'app' },
    ],
    [
      'RFC 3339, as rsyslog forwards',
      '<13>2026-06-01T11:08:07.25+02:00 h app: x',
      { time: at + 250, host: 'h', service: 'app' },
    ],
    [
      'Cisco IOS',
      '<189>45: *Jun  1 09:08:07.250: %SYS-5-CONFIG_I: Configured',
      {
        time: at + 250,
        data: 'Configured',
        attributes: { 'syslog.msgid': 'SYS-5-CONFIG_I', 'syslog.facility': 'local7' },
      },
    ],
    [
      'Cisco IOS with host, year and zone',
      '<189>000045: r1: Jun  1 2026 09:08:07 UTC: %LINK-3-UPDOWN: down',
      { time: at, host: 'r1', data: 'down' },
    ],
    [
      'Cisco NX-OS',
      '<187>: 2026 Jun  1 09:08:07 UTC: %ETHPORT-5-IF_UP: up',
      { time: at, data: 'up' },
    ],
    [
      'Cisco ASA',
      '<166>Jun 01 2026 09:08:07 fw01 : %ASA-6-302013: Built',
      { time: at, host: 'fw01', data: 'Built' },
    ],
    [
      'Cisco ASA without a host',
      '<166>Jun 01 2026 09:08:07: %ASA-6-302013: Built',
      { time: at, data: 'Built', attributes: { 'syslog.msgid': 'ASA-6-302013' } },
    ],
    ['a priority that is none', '<192>x', { data: '<192>x', attributes: { severity: 'notice' } }],
    ['a day that is none', '<13>Jun 31 09:08:07 h app: x', { host: 'h', service: 'app' }],
    ['Latin-1', '', { data: 'é' }],
  ])('%s', (name, message, expected) => {
    const bytes = name === 'Latin-1' ? Buffer.from([0x3c, 0x31, 0x3e, 0xe9]) : message;
    expect(eventOf(bytes)).toMatchObject(expected);
  });

  test('the year is the one that is nearest', () => {
    const timeAt = (when: number, text: string) =>
      eventOf(`<1>${text} h a: x`, decoderIn(undefined, when), when).time;
    expect(timeAt(Date.UTC(2026, 0, 1, 0, 1), 'Dec 31 23:59:59')).toBe(
      Date.UTC(2025, 11, 31, 23, 59, 59),
    );
    expect(timeAt(Date.UTC(2025, 11, 31, 23, 59), 'Jan  1 00:00:01')).toBe(
      Date.UTC(2026, 0, 1, 0, 0, 1),
    );
    expect(timeAt(Date.UTC(2028, 2, 1), 'Feb 29 12:00:00')).toBe(Date.UTC(2028, 1, 29, 12));
  });

  test('its zone is the one that is set', () => {
    const timeAt = (when: number, text: string) =>
      eventOf(`<1>${text} h a: x`, decoderIn('Europe/Berlin', when), when).time;
    expect(timeAt(now, 'Jun  1 09:08:07')).toBe(at - 7_200_000);
    const twice = Date.UTC(2026, 9, 25, 1, 30);
    expect(timeAt(twice, 'Oct 25 02:30:00')).toBe(twice);
    expect(timeAt(twice - 3_600_000, 'Oct 25 02:30:00')).toBe(twice - 3_600_000);
    // An hour that never comes: the clock was not put forward.
    const never = Date.UTC(2026, 2, 29, 1, 30);
    expect(timeAt(never, 'Mar 29 02:30:00')).toBe(never);
    expect(() => decoderIn('Mars/Olympus')).toThrow(RangeError);
  });
});

test('what is empty is refused', () => {
  for (const message of ['', '\n', '\0', ' \r\n'])
    expect(decode(Buffer.from(message), 'h')).toMatchObject({
      refused: { code: 'TERR_INTAKE_DECODE' },
    });
});

// oxlint-disable-next-line vitest/expect-expect -- within the property
test('never throws, and every event is one', () => {
  const seeds = [
    '<165>1 2026-06-01T11:59:59.003Z h a 4711 ID47 [e@32473 iut="3" s="a\\"\\]\\\\"] x',
    '<189>000045: r1: *Jun  1 2026 09:08:07.1 UTC: %LINK-3-UPDOWN: down',
    '<34>Oct 11 22:14:15 mymachine su[1]: x',
  ].map((text) => Buffer.from(text));
  const mutated = fc
    .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(80), fc.nat(255))), fc.nat(100))
    .map(([seed, changes, length]) => {
      const bytes = Buffer.from(seed);
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      return bytes.subarray(0, length);
    });
  const random = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(fc.oneof(mutated, random), (bytes) => {
      const decoded = decode(bytes, 'h');
      const taken = isRefused(decoded) || 'draft' in checkDraft(decoded, defaultLimits, now);
      expect(taken).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('64 KiB of anything is read at once', () => {
  const hostile = ['[', '[a b="', '[a b="c"]', '<', '\\"', 'a ', 'Jun  1 ', '45: '].flatMap(
    (part) => [
      `<1>1 - h a - - ${part.repeat(65_536 / part.length)}`,
      `<1>${part.repeat(65_536 / part.length)}`,
    ],
  );
  const before = performance.now();
  for (const message of hostile) eventOf(message);
  expect((performance.now() - before) / hostile.length).toBeLessThan(100);
});
