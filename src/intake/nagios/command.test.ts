import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkDraft } from '../../event/check.ts';
import { defaultLimits } from '../../event/limits.ts';
import { isRefused } from '../decoded.ts';
import { decodeCommand } from './command.ts';

const decode = (line: string) => [...decodeCommand(line)];
const seconds = 1_764_115_200;

describe('external commands', () => {
  test('the result of a service', () => {
    const line = `[${seconds}] PROCESS_SERVICE_CHECK_RESULT;web-1;disk /;1;DISK WARNING; sort of|'/'=81%;80;90;0;100`;
    expect(decode(line)).toEqual([
      {
        type: 'check',
        time: seconds * 1000,
        host: 'web-1',
        name: 'disk /',
        state: 'warning',
        attributes: { 'check.kind': 'service', 'check.mode': 'passive', 'check.return_code': '1' },
        data: { output: 'DISK WARNING; sort of', perfdata: "'/'=81%;80;90;0;100" },
      },
      {
        type: 'metric',
        time: seconds * 1000,
        host: 'web-1',
        name: 'disk /./',
        metric: 81,
        attributes: {
          'check.name': 'disk /',
          'perfdata.label': '/',
          'metric.type': 'gauge',
          unit: '%',
          'perfdata.warning': '80',
          'perfdata.critical': '90',
          'perfdata.min': '0',
          'perfdata.max': '100',
        },
      },
    ]);
  });

  test.each([
    ['0', 'ok', 'up'],
    ['1', 'critical', 'down'],
    ['2', 'unknown', 'unreachable'],
  ])('a host with code %s is %s', (code, state, word) => {
    const [check] = decode(`[${seconds}] PROCESS_HOST_CHECK_RESULT;web-1;${code};whatever`);
    expect(check).toMatchObject({
      name: 'host-alive',
      state,
      attributes: { 'check.kind': 'host', 'check.host_state': word },
    });
  });

  test('lines of output are kept in one', () => {
    const line = String.raw`[${seconds}] PROCESS_SERVICE_CHECK_RESULT;h;s;2;first|a=1\nlong\\n text\nmore|b=2s\nc=3c`;
    const [check, ...readings] = decode(line);
    expect(check).toMatchObject({
      state: 'critical',
      data: { output: 'first', longOutput: 'long\\n text\nmore', perfdata: 'a=1 b=2s c=3c' },
    });
    expect(readings).toMatchObject([
      { name: 's.a', metric: 1, attributes: { 'metric.type': 'gauge' } },
      { name: 's.b', metric: 2, attributes: { unit: 's' } },
      { name: 's.c', metric: 3, attributes: { 'metric.type': 'cumulative' } },
    ]);
  });

  test.each([
    ['[1] SCHEDULE_FORCED_SVC_CHECK;h;s;1', /order to a Nagios/],
    ['[1] PROCESS_FILE;/etc/passwd;1', /order to a Nagios/],
    ['[1] PROCESS_SERVICE_CHECK_RESULT;h;s', /needs host;service;return code;output/],
    ['[1] PROCESS_SERVICE_CHECK_RESULT;h;s;4;x', /return code is 4/],
    ['[1] PROCESS_SERVICE_CHECK_RESULT;h;s;OK;x', /code is no number/],
    ['[1] PROCESS_SERVICE_CHECK_RESULT;;s;0;x', /host name is empty/],
    ['[1] PROCESS_SERVICE_CHECK_RESULT;h;;0;x', /service description is empty/],
    ['[1] PROCESS_HOST_CHECK_RESULT;h;3;x', /0 \(up\), 1 \(down\) or 2/],
    ['[1] constructor;h;3;x', /order to a Nagios/],
    ['hello', /order to a Nagios/],
    ['', /no external command/],
    ['[x] PROCESS_HOST_CHECK_RESULT;h;0;', /no external command/],
  ])('%j is refused', (line, message) => {
    expect(decode(line)).toEqual([
      { refused: expect.objectContaining({ message: expect.stringMatching(message) }) },
    ]);
  });

  test('a result without output, or with bad data, is still a result', () => {
    expect(decode('[1] PROCESS_HOST_CHECK_RESULT;h;0')).toMatchObject([
      { state: 'ok', data: { output: '' } },
    ]);
    expect(decode('[1] PROCESS_SERVICE_CHECK_RESULT;h;s;0;x|bad a=1').map(isRefused)).toEqual([
      false,
      true,
      false,
    ]);
  });

  test('whatever comes, the rest of a result is an event', () => {
    const text = fc.string({ unit: fc.constantFrom(...";|\\n'= 1%\nä".split('')), maxLength: 200 });
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 3 }), (output, code) => {
        const line = `[${seconds}] PROCESS_SERVICE_CHECK_RESULT;h;s;${code};${output}`;
        const taken = decode(line).filter((one) => !isRefused(one));
        const checked = taken.map((one) => checkDraft(one, defaultLimits, seconds * 1000));
        expect(checked.filter((one) => 'refusal' in one)).toEqual([]);
      }),
    );
    fc.assert(fc.property(fc.string(), (line) => decode(line).length > 0));
  });
});
