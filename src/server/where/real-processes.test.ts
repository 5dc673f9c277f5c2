import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { runHere } from '../../cli/running.suite.ts';
import type { Where, WhereApp } from '../api/contract-releases.ts';
import { startServer } from '../compose/running.suite.ts';

/** An application that says what it is every fifth of a second, as an SDK of OpenTelemetry would. */
const program = `
const [url, token, version, instance] = process.argv.slice(1);
const text = (key, stringValue) => ({ key, value: { stringValue } });
const attributes = [
  text('service.name', 'shop'), text('service.version', version),
  text('service.instance.id', instance), text('deployment.environment.name', 'production'),
];
const say = () => {
  const dataPoints = [{ asInt: '1', timeUnixNano: Date.now() + '000000' }];
  const metrics = [{ name: 'up', gauge: { dataPoints } }];
  const body = { resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ metrics }] }] };
  const headers = { authorization: 'Bearer ' + token, 'content-type': 'application/json' };
  fetch(url + '/v1/metrics', { method: 'POST', headers, body: JSON.stringify(body) }).catch(() => {});
};
say();
setInterval(say, 200);
`;

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

async function serve() {
  const { url, token, ask } = await startServer();
  const env = { TERRITORY_URL: url, TERRITORY_TOKEN: token };
  const read = async <T>(path: string): Promise<T> => (await (await ask(path)).json()) as T; // the server's own schema made it
  return {
    start: (version: string, instance: string): ChildProcess => {
      const args = ['-e', program, url, token, version, instance];
      const child = spawn(process.execPath, args, { stdio: 'ignore' });
      running.push(child);
      return child;
    },
    deployed: async (version: string, ago: string) => {
      const args = ['deploy', 'finished', 'shop', version, '--to', 'production', '--time', ago];
      expect((await runHere(args, { env })).code).toBe(0);
    },
    lane: async () => (await read<Where>('/api/v1/releases/where')).lanes[0],
    history: async () => (await read<WhereApp>('/api/v1/releases/where/shop')).history,
  };
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

const patient = { timeout: 60_000, interval: 100 };

test('golden 1 and 5: the old version is started by hand, on all instances and on one of two', async () => {
  const { start, deployed, lane } = await serve();
  await deployed('1', '2h');
  await deployed('2', '1h');
  const [a, b] = [start('2', 'a'), start('2', 'b')];
  await expect.poll(lane, patient).toMatchObject({ verdict: 'verified', runs: [{ count: 2 }] });
  await kill(b);
  start('1', 'b');
  await expect.poll(lane, patient).toMatchObject({
    verdict: 'mixed',
    because: 'mixed 1 50 % / 2 50 %; told 2',
  });
  await kill(a);
  start('1', 'a');
  await expect.poll(lane, patient).toMatchObject({
    verdict: 'contradicted',
    because: 'told 2, runs 1',
  });
}, 150_000);

test('golden 4: nobody told of the deploy, and it is discovered', async () => {
  const { start, deployed, lane, history } = await serve();
  await deployed('1', '1h');
  start('2', 'a');
  await expect.poll(history, patient).toMatchObject([
    { state: 'discovered', version: '2', actor: 'unknown' },
    { state: 'succeeded', version: '1' },
  ]);
  expect(await lane()).toMatchObject({ verdict: 'contradicted', because: 'told 1, runs 2' });
}, 150_000);
