import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { type Server, json, startServer } from '../compose/running.suite.ts';

const program = 'prometheus-alertmanager';
const missing = spawnSync(program, ['--version']).error !== undefined;
if (missing) process.stderr.write(`skipped: ${program} is not installed\n`);

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).toReversed()) end();
});

/** A port that was free a moment ago; Alertmanager can not be told to take any. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** Alertmanager, with `configuration`; gives back its address. */
async function startAlertmanager(configuration: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'alertmanager-'));
  const file = join(folder, 'alertmanager.yml');
  writeFileSync(file, configuration);
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    program,
    [
      `--config.file=${file}`,
      `--storage.path=${folder}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  );
  ends.push(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const url = `http://${address}`;
  const ready = async (): Promise<void> => {
    expect((await fetch(`${url}/-/ready`)).status).toBe(200);
  };
  await vi.waitFor(ready, { timeout: 30_000, interval: 100 });
  return url;
}

async function incidents(server: Server, offset = 1): Promise<Record<string, unknown>[]> {
  const response = await server.ask(`/api/v1/events/facts/${offset}`);
  if (!response.ok) return [];
  const fact = (await response.json()) as Record<string, unknown>;
  const rest = await incidents(server, offset + 1);
  return String(fact['type']).includes('.incident.') ? [fact, ...rest] : rest;
}

test.skipIf(missing)(
  'Alertmanager tells of an alert and its end, once each',
  async () => {
    const server = await startServer();
    const added = await server.askJson(
      '/api/v1/webhooks',
      json('POST', { name: 'am', kind: 'alertmanager' }),
    );
    const alertmanager = await startAlertmanager(`
route: { receiver: territory, group_by: [alertname], group_wait: 100ms, group_interval: 200ms, repeat_interval: 1s }
receivers:
  - name: territory
    webhook_configs:
      - url: ${server.url}/webhooks/am
        send_resolved: true
        http_config: { authorization: { credentials: ${String(added['secret'])} } }
`);
    const post = (alert: object): Promise<Response> =>
      fetch(`${alertmanager}/api/v2/alerts`, json('POST', [alert]));
    const alert = {
      labels: { alertname: 'HighErr', service: 'shop', env: 'production', severity: 'warning' },
      annotations: { summary: 'error rate 5 %' },
      startsAt: new Date(Date.now() - 60_000).toISOString(),
    };
    await post(alert);
    await vi.waitFor(async () => expect(await incidents(server)).toHaveLength(1), 30_000);
    await post({ ...alert, endsAt: new Date(Date.now() - 1_000).toISOString() });
    await vi.waitFor(async () => expect(await incidents(server)).toHaveLength(2), 30_000);
    const [first, last] = await incidents(server);
    expect(first).toMatchObject({
      type: 'dev.cdevents.incident.detected.0.3.0',
      time: Date.parse(alert.startsAt),
      name: 'HighErr',
      state: 'warning',
      service: 'shop',
      environment: 'production',
      attributes: { 'alert.summary': 'error rate 5 %' },
    });
    expect(last).toMatchObject({
      type: 'dev.cdevents.incident.resolved.0.3.0',
      subject: first?.['subject'],
      source: first?.['source'],
      state: 'ok',
    });
    expect(last?.['attributes']).not.toHaveProperty('cdevents.valid');
  },
  90_000,
);
