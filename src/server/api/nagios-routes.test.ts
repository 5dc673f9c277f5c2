import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Server as Web, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { splitOutput } from '../../event/plugin-output.ts';
import { hasCommand } from '../../intake/nagios/installed.suite.ts';
import { tailed } from '../../intake/nagios/tailed.suite.ts';
import { type Server, dataDir, startServer } from '../compose/running.suite.ts';

const hasCurl = hasCommand('curl', 'curl');
const hasPlugins = existsSync('/usr/lib/nagios/plugins/check_http');
if (!hasPlugins) process.stderr.write('skipped: no plugins (Debian: monitoring-plugins-basic)\n');

const feature = `Feature: The shop
  @every(1s)
  Scenario: the home page
    When I visit "/"
    Then I should see "Welcome"
`;
const home = 'staging.shop.the-home-page';
const patient = { timeout: 40_000, interval: 100 };

let place: string;
let site: Web;
let server: Server;
let words = 'Welcome';

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'territory-nagios-'));
  site = createServer((_, answer) => answer.end(words));
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
});

/** A server that runs the feature and a plugin against the site. */
async function start(): Promise<void> {
  const { port } = site.address() as AddressInfo; // it listens on a port
  const data = dataDir();
  mkdirSync(join(data, 'checks'), { recursive: true });
  writeFileSync(join(data, 'checks', 'shop.feature'), feature);
  writeFileSync(
    join(data, 'checks', 'checks.yaml'),
    `environments:
  staging: {base: "http://127.0.0.1:${port}"}
defaults: {attempts: 1, successes: 1, boot-grace: 0s}
plugins:
  site:
    command: [check_http, -H, 127.0.0.1, -p, "${port}", -w, "5", -c, "8", -s, Welcome]
    environment: staging
    every: 1s
`,
  );
  server = await startServer({ 'checks.enabled': true, data });
}

afterAll(async () => {
  site.close();
  site.closeAllConnections();
  rmSync(place, { recursive: true });
});

async function asked(path: string) {
  const answer = await server.ask(path);
  const { output, perfData } = splitOutput(await answer.text());
  return { code: answer.headers.get('x-nagios-exit'), status: answer.status, output, perfData };
}

/** The script of the guide, as a plugin. */
const script = (): string => {
  const guide = join(import.meta.dirname, '../../../docs/guides/checks-and-nagios.md');
  return /```sh\n(.*?)```/s.exec(readFileSync(guide, 'utf8'))?.[1] ?? '';
};

async function plugin(...args: readonly string[]): Promise<{ code: number; out: string }> {
  const path = join(place, 'check_territory');
  writeFileSync(path, script());
  return new Promise((resolve) => {
    const child = execFile('sh', [path, ...args], (_, out) =>
      resolve({ code: child.exitCode ?? -1, out }),
    );
  });
}

describe('how a check stands, for Nagios', () => {
  beforeEach(start);
  test('follows what is seen, under both paths', { timeout: 90_000 }, async () => {
    const seen = (path: string, code: string, output: RegExp) =>
      vi.waitFor(
        async () =>
          expect(await asked(path)).toMatchObject({
            status: 200,
            code,
            output: expect.stringMatching(output),
          }),
        patient,
      );
    await seen(`/checks/${home}/nagios`, '0', /^SHOP OK - the home page \(\S+ s, \d+ s ago\)$/);
    expect((await asked(`/api/v1/checks/${home}/nagios`)).perfData).toMatch(
      /^time=\S+s;;;0 age=\S+s;1;;0 lag=/,
    );
    words = 'Gone';
    await seen(`/checks/${home}/nagios`, '2', /^SHOP CRITICAL - the home page: .*Welcome/);
    words = 'Welcome';
    await seen(`/checks/${home}/nagios`, '0', /^SHOP OK/);
    expect((await asked('/checks/nothing/nagios')).status).toBe(404);
    const bare = await fetch(`${server.url}/checks/${home}/nagios`);
    expect([bare.status, bare.headers.get('x-nagios-exit')]).toEqual([401, null]);
  });

  test.skipIf(!hasCurl)('the plugin of the guide gives it on', { timeout: 90_000 }, async () => {
    const header = join(place, 'header');
    writeFileSync(header, `Authorization: Bearer ${server.token}\n`);
    await vi.waitFor(
      async () =>
        expect(await plugin(server.url, home, header)).toEqual({
          code: 0,
          out: expect.stringMatching(/^SHOP OK - the home page .*\|time=.*\n$/),
        }),
      patient,
    );
    const unknown = await plugin(server.url, 'nothing', header);
    expect(unknown).toEqual({ code: 3, out: expect.stringMatching(/^TERRITORY UNKNOWN - .*404/) });
    const nobody = await plugin('http://127.0.0.1:1', home, header);
    expect(nobody).toEqual({ code: 3, out: expect.stringMatching(/^TERRITORY UNKNOWN - curl: /) });
  });

  test.skipIf(!hasPlugins)(
    'a plugin runs as a check, and what it measures becomes readings',
    { timeout: 90_000 },
    async () => {
      const [reading] = await tailed(
        server,
        'type = "metric" and name = "staging.checks.site.time"',
        1,
      );
      expect(reading).toMatchObject({ metric: expect.any(Number), environment: 'staging' });
      expect(await asked('/checks/staging.checks.site/nagios')).toMatchObject({
        code: '0',
        output: expect.stringMatching(/^SITE OK - site \(/),
        perfData: expect.stringMatching(/ time=\S+s;5;8;0 .*size=\d+B/),
      });
    },
  );
});
