import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { machine, ratio, show } from './report.ts';

/**
 * Claim: `territory check`, of which Nagios starts a process for each check, takes no longer
 * than cucumber-js for the same scenario in a process of its own (as cucumber-nagios ran it).
 * Beside both: node that does nothing, and check_http of monitoring-plugins, which is C.
 *
 * By turns, against the same server. CPU is that of the process and all it started, in steps of
 * 10 ms of the kernel's clock. Needs script/build.
 *
 * usage: check-start.ts [rounds] [program]
 */
const rounds = Number(process.argv[2] ?? 15);
const root = join(import.meta.dirname, '..');
const program = resolve(process.argv[3] ?? join(root, 'bin/territory'));

const dir = mkdtempSync(join(tmpdir(), 'territory-bench-'));
const server = new Worker(
  `const { createServer } = require('node:http');
   const { parentPort } = require('node:worker_threads');
   const server = createServer((_, answer) => answer.end('Welcome'));
   server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`,
  { eval: true },
);
const port = await new Promise<number>((resolve) => server.once('message', resolve));
const base = `http://127.0.0.1:${port}`;

const feature = join(dir, 'shop.feature');
writeFileSync(
  feature,
  `Feature: The shop
  Scenario: the home page
    When I visit "/"
    Then I should get a 200 status code
    And I should see "Welcome"
`,
);

const cucumber = createRequire(import.meta.url).resolve('@cucumber/cucumber/package.json');
const steps = join(dir, 'steps.cjs');
writeFileSync(
  steps,
  `const { When, Then } = require(${JSON.stringify(dirname(cucumber))});
When('I visit {string}', async function (path) {
  const answer = await fetch(${JSON.stringify(base)} + path);
  [this.status, this.body] = [answer.status, await answer.text()];
});
Then('I should get a {int} status code', function (status) { if (this.status !== status) throw new Error(); });
Then('I should see {string}', function (text) { if (!this.body.includes(text)) throw new Error(); });
`,
);

const plugin = '/usr/lib/nagios/plugins/check_http';
const commands: Readonly<Record<string, readonly string[]>> = {
  'territory check': [process.execPath, program, 'check', feature, '--base', base],
  'cucumber-js': [
    process.execPath,
    join(dirname(cucumber), 'bin/cucumber.js'),
    '--require',
    steps,
    '--format',
    'json',
    feature,
  ],
  'node that does nothing': [process.execPath, '-e', '0'],
  ...(existsSync(plugin)
    ? { check_http: [plugin, '-H', '127.0.0.1', '-p', String(port), '-s', 'Welcome'] }
    : {}),
};

/** CPU of children that have ended, ms: cutime and cstime of proc(5), at 100 a second. */
function childrenMs(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

const wall = new Map<string, number[]>();
const cpu = new Map<string, number[]>();
for (let round = 0; round < rounds; round++)
  for (const [name, [command = '', ...args]] of Object.entries(commands)) {
    const [from, before] = [performance.now(), childrenMs()];
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: dir, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${name}: ${stdout}${stderr}`);
    wall.set(name, [...(wall.get(name) ?? []), performance.now() - from]);
    cpu.set(name, [...(cpu.get(name) ?? []), childrenMs() - before]);
  }

console.log(machine());
const [ours, peer] = ['territory check', 'cucumber-js'] as const;
for (const [what, values] of [
  ['wall', wall],
  ['CPU', cpu],
] as const) {
  const peerValues = values.get(peer) ?? [];
  console.log(
    ratio(`${ours}, ${what}`, values.get(ours) ?? [], { name: peer, values: peerValues }, 'ms'),
  );
  for (const name of Object.keys(commands).slice(2))
    console.log(`  ${name}, ${what}: ${show(values.get(name) ?? [], 'ms')}`);
}
await server.terminate();
rmSync(dir, { recursive: true });
