import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unescapeLines } from '../../event/plugin-output.ts';
import { type PassiveResult, checkResultFile, commandLine, faultOfNames } from './passive.ts';

const result: PassiveResult = {
  host: 'web-1',
  service: 'shop',
  code: 2,
  text: 'SHOP CRITICAL - down|time=1s\nCRITICAL C:\\x\n',
  started: 1_764_115_200_250,
  ended: 1_764_115_201_500,
};

test('a line for the command file', () => {
  expect(commandLine(result)).toBe(
    '[1764115201] PROCESS_SERVICE_CHECK_RESULT;web-1;shop;2;SHOP CRITICAL - down|time=1s\\nCRITICAL C:\\\\x\n',
  );
});

test.each([
  [0, 0],
  [1, 0],
  [2, 1],
  [3, 2],
] as const)('code %d of a host is %d: up, down or unreachable', (code, written) => {
  expect(commandLine({ ...result, service: undefined, code, text: 'x\n' })).toBe(
    `[1764115201] PROCESS_HOST_CHECK_RESULT;web-1;${written};x\n`,
  );
});

test('a file of check results', () => {
  expect(checkResultFile(result).split('\n')).toEqual([
    '### Passive Check Result File ###',
    'file_time=1764115201',
    '',
    '### Nagios Service Check Result ###',
    'host_name=web-1',
    'service_description=shop',
    'check_type=1',
    'check_options=0',
    'scheduled_check=0',
    'reschedule_check=0',
    'latency=0.0',
    'start_time=1764115200.250000',
    'finish_time=1764115201.500000',
    'early_timeout=0',
    'exited_ok=1',
    'return_code=2',
    'output=SHOP CRITICAL - down|time=1s\\nCRITICAL C:\\\\x',
    '',
  ]);
});

test.each([
  ['web-1', 'shop', true],
  ['web-1', undefined, true],
  ['', 'shop', false],
  ['web;1', 'shop', false],
  ['web-1', ' ', false],
  ['web-1', 'a\nb', false],
])('host %j and service %j', (host, service, isRight) => {
  expect(faultOfNames({ host, service }) === undefined).toBe(isRight);
});

test('a line is written in one piece, and what is in it was meant', () => {
  const line = fc.string({ unit: fc.constantFrom('a', '\\', 'ä', ' ', '|'), maxLength: 900 });
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), (lines) => {
      const text = lines.join('\n');
      const written = commandLine({ ...result, text });
      expect(Buffer.byteLength(written)).toBeLessThanOrEqual(4096);
      expect(written.indexOf('\n')).toBe(written.length - 1);
      const said = unescapeLines(written.slice(0, -1).split(';').slice(4).join(';'));
      expect(text.startsWith(said.trimEnd())).toBe(true);
    }),
  );
});
