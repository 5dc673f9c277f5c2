import { type ChildProcess, execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parsePerfData } from '../../event/perfdata.ts';
import { startNagios, statusOf } from '../../intake/nagios/daemon.suite.ts';
import { hasCommand } from '../../intake/nagios/installed.suite.ts';

const hasNagios = hasCommand('nagios4', 'nagios4-core');

/** From the sources: they load in half a second, and a build takes longer than all of this. */
const program = [
  process.execPath,
  '--import',
  import.meta.resolve('tsx'),
  join(import.meta.dirname, '../main.ts'),
  'check',
] as const;

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(args: readonly string[]): Promise<Ran> {
  const [node, ...words] = program;
  return new Promise((resolve) => {
    const child = execFile(node, [...words, ...args], (_, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

/** A feature that tells what is wrong with a server, and limits of a second. */
const feature = `Feature: The shop
  Scenario: the home page
    Given I am benchmarking
    When I visit "/"
    Then I should get a 200 status code
    And I should see "Welcome"
    And the elapsed time should be less than 10 seconds
`;

let place: string;
let server: Server;
let base: string;
let answer = { status: 200, body: 'Welcome' };

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'territory-check-'));
  writeFileSync(join(place, 'shop.feature'), feature);
  server = createServer(({ url }, response) => {
    response.statusCode = answer.status;
    // Far enough above the limit that what the runner itself is late does not matter.
    if (url === '/slow') setTimeout(() => response.writeHead(200).end('Welcome'), 3000);
    else response.end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on a port
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(place, { recursive: true, force: true });
});

/** Nagios' own words for it, as soon as they are what is expected. */
const seen = (description: string, expected: Record<string, unknown>) =>
  vi.waitFor(() => expect(statusOf(place, description)).toMatchObject(expected), {
    timeout: 40_000,
    interval: 100,
  });

describe.skipIf(!hasNagios)('a real Nagios', () => {
  let nagios: ChildProcess;
  beforeAll(() => {
    const line = (name: string): string =>
      `${program.join(' ')} ${place}/${name}.feature --base ${base}`;
    writeFileSync(
      join(place, 'slow.feature'),
      feature.replace('10 sec', '2 sec').replace('"/"', '"/slow"'),
    );
    writeFileSync(join(place, 'soft.feature'), `@warning\n${feature.replace('Welc', 'welc')}`);
    nagios = startNagios(place, {
      services: [
        { description: 'shop', command: `${line('shop')} -w 20 -c 30` },
        { description: 'slow', command: line('slow'), every: 3600 },
        { description: 'soft', command: line('soft'), every: 3600 },
        { description: 'by pipe' },
        { description: 'by folder' },
      ],
    });
  });
  afterAll(async () => {
    nagios.kill();
    await once(nagios, 'exit');
  });

  test('runs a feature as its plugin, and follows what it sees', { timeout: 120_000 }, async () => {
    await seen('shop', {
      current_state: '0',
      state_type: '1',
      plugin_output: expect.stringMatching(/^SHOP OK - the home page \(\d/),
    });
    const values = [...parsePerfData(statusOf(place, 'shop')['performance_data'] ?? '')];
    expect(values.slice(0, 6)).toMatchObject([
      { label: 'time', uom: 's', warning: '20', critical: '30', min: 0, max: 50 },
      { label: 'passed', value: 1, min: 0, max: 1 },
      { label: 'warnings', value: 0 },
      { label: 'failed', value: 0, critical: '0' },
      { label: 'unknown', value: 0 },
      { label: 'elapsed', uom: 's', critical: '10', min: 0 },
    ]);

    answer = { status: 500, body: 'Broken | now' };
    await seen('shop', {
      current_state: '2',
      plugin_output: expect.stringMatching(
        /^SHOP CRITICAL - the home page: expected the status 200/,
      ),
      long_plugin_output: expect.stringMatching(/^CRITICAL the home page .*answered 500.*line 5/),
      performance_data: expect.stringContaining('failed=1;;0;0;1'),
    });

    writeFileSync(join(place, 'shop.feature'), feature.replace('I visit', 'I vist'));
    await seen('shop', {
      current_state: '3',
      plugin_output: expect.stringMatching(/^SHOP UNKNOWN - .*shop\.feature:4:5: no step is/),
      long_plugin_output: expect.stringContaining('did you mean: I visit'),
    });
  });

  test('is told of limits and of warnings', { timeout: 60_000 }, async () => {
    await seen('slow', {
      current_state: '2',
      plugin_output: expect.stringMatching(/^SLOW CRITICAL - the home page \(elapsed .* s, limit/),
    });
    await seen('soft', {
      current_state: '1',
      plugin_output: expect.stringMatching(/^SOFT WARNING - the home page: expected/),
    });
  });

  test.each([
    ['by pipe', 'rw/nagios.cmd'],
    ['by folder', 'spool'],
  ])('takes results that are submitted %s', { timeout: 60_000 }, async (description, path) => {
    await seen(description, { current_state: '0' });
    writeFileSync(join(place, 'passive.feature'), feature.replace('200', '404'));
    const to = ['--submit', join(place, path), '--host', 'web-1', '--service', description];
    const ran = await run([join(place, 'passive.feature'), '--base', base, ...to]);
    expect(ran).toMatchObject({ code: 2, err: '' });
    const [first = '', below = ''] = ran.out.split('\n');
    await seen(description, {
      current_state: '2',
      // Nagios has its own use for semicolons.
      plugin_output: first.split('|')[0]?.replaceAll(';', ':'),
      performance_data: first.split('|')[1],
      long_plugin_output: below,
      check_type: '1',
    });
  });

  test('takes a result about a host', { timeout: 60_000 }, async () => {
    const to = ['--submit', join(place, 'rw/nagios.cmd'), '--host', 'web-2'];
    const args = [join(place, 'passive.feature'), '--base', base, ...to];
    expect((await run(args)).code).toBe(2);
    const log = () => readFileSync(join(place, 'nagios.log'), 'utf8');
    await vi.waitFor(
      () => expect(log()).toMatch(/PROCESS_HOST_CHECK_RESULT;web-2;1;PASSIVE CRITICAL/),
      10_000,
    );
  });
});
