import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { World } from './world.ts';

/**
 * The pictures of the README, of the real server and the real console: this machine's own
 * readings, this repository's commits, and readings of a small shop that a seed made.
 */
const world = new World();
const run = promisify(execFile);
const images = join(import.meta.dirname, '../../docs/images');
const minute = 60_000;
const minutes = 180;

/** A day-like wave with a little unrest: the latency of one service, ms. */
const latency = (service: number, at: number, unrest: number): number =>
  40 + 35 * service + 18 * Math.sin(at / 17 + service) + 12 * unrest;

function shopEvents(now: number): Record<string, unknown>[] {
  let seed = 7;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const services = ['shop', 'search', 'payments', 'mailer'];
  return Array.from({ length: minutes }, (_, at) => at).flatMap((at) =>
    services.flatMap((service, index) =>
      Array.from({ length: 4 }, () => ({
        type: 'metric',
        name: 'http.server.request.duration.ms',
        service,
        environment: 'production',
        time: now - (minutes - at) * minute + Math.floor(random() * minute),
        metric:
          latency(index, at, random()) + (service === 'shop' && at > 120 && at < 150 ? 70 : 0),
        attributes: { 'http.route': `/${service}/${1 + Math.floor(random() * 4)}` },
      })),
    ),
  );
}

const deploy = (id: string, at: number, now: number) => ({
  id,
  type: 'dev.cdeventsx.territory-service.noticed.0.1.0',
  source: '/pipelines/shop',
  subject: 'service/shop',
  service: 'shop',
  name: id,
  time: now - (minutes - at) * minute,
});

/** What the shop watches: its errors, its latency, and how many baskets become orders. */
const rules = `import { events, ratio, rule } from 'territory/rules';

rule('error-ratio', () =>
  events
    .where('name = "http.server.error.ratio"')
    .by('service', 'environment')
    .level({ critical: 'metric > 0.05', warning: 'metric > 0.02', clear: 'metric < 0.015' })
    .changed('state', { from: 'ok' })
    .suspects({ before: '30m' })
    .alert({ title: '{service}: {metric:percent} of requests fail', team: 'web' }),
);

rule('slow', () =>
  events
    .where('name = "http.server.request.duration.ms"')
    .by('service')
    .level({ warning: 'metric > 160', clear: 'metric < 120' })
    .changed('state', { from: 'ok' })
    .alert({ title: '{service} answers in {metric:round} ms' }),
);

rule('queue', () =>
  events
    .where('name = "queue.depth"')
    .by('service')
    .level({ critical: 'metric > 5000', warning: 'metric > 1000' })
    .changed('state', { from: 'ok' })
    .alert({ title: 'the queue of {service} holds {metric:round}', team: 'mail' }),
);

rule('checkout-conversion', () => {
  const of = (name: string) =>
    events.where(\`name = "\${name}"\`).by('service').window({ every: '1m' }).sum();
  const share = ratio(of('orders.placed'), of('baskets.opened'));
  return [
    share.emit({ name: 'checkout.conversion', ttl: '3m' }),
    share
      .level({ warning: 'metric < 0.25', clear: 'metric > 0.3' })
      .changed('state', { from: 'ok' })
      .alert({ title: 'conversion of {service} fell to {metric:percent}', team: 'shop' }),
  ];
});
`;

/** Errors and orders of the shop: from a deploy on, 41 minutes ago, more and fewer than before. */
function troubleEvents(now: number): Record<string, unknown>[] {
  let seed = 11;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  return Array.from({ length: minutes }, (_, at) => at).flatMap((at) => {
    const time = now - (minutes - at) * minute;
    const isBad = at > minutes - 39;
    const ratioOf = (service: string): number =>
      0.006 + 0.004 * random() + (isBad && service === 'shop' ? 0.05 + 0.02 * random() : 0);
    const place = { type: 'metric', environment: 'production', time };
    return [
      ...['shop', 'search', 'payments'].map((service) => {
        return { ...place, name: 'http.server.error.ratio', service, metric: ratioOf(service) };
      }),
      { ...place, name: 'baskets.opened', service: 'shop', metric: 40 + Math.floor(9 * random()) },
      {
        ...place,
        name: 'orders.placed',
        service: 'shop',
        metric: (isBad ? 8 : 15) + Math.floor(4 * random()),
      },
    ];
  });
}

/** What became of one commit: its run, artefact, deployment, an incident and a ticket. */
function threadFacts(now: number, revision: string): Record<string, unknown>[] {
  const fact = (type: string, at: number, subject: string, attributes: Record<string, string>) => ({
    type: `dev.cdevents.${type}`,
    id: subject,
    source: '/shop',
    subject,
    service: 'shop',
    environment: 'production',
    time: now - at * minute,
    attributes,
  });
  const run = { 'cicd.pipeline.run.id': '1207' };
  const artifact = { 'artifact.id': 'pkg:oci/shop@4.2.1' };
  const deployment = { 'deployment.id': 'shop-311' };
  const incident = { 'incident.id': 'INC-42' };
  return [
    fact('pipelinerun.finished.0.3.0', 55, 'run/1207', {
      ...run,
      'vcs.ref.head.revision': revision,
    }),
    fact('artifact.published.0.3.0', 53, 'artifact/shop-4.2.1', { ...artifact, ...run }),
    fact('service.deployed.0.3.0', 41, 'deployment/shop-311', { ...deployment, ...artifact }),
    fact('incident.detected.0.3.0', 38, 'incident/INC-42', { ...incident, ...deployment }),
    fact('ticket.created.0.2.0', 36, 'ticket/SHOP-77', { 'ticket.id': 'SHOP-77', ...incident }),
  ];
}

const released = (now: number) => ({
  type: 'dev.cdevents.service.deployed.0.3.0',
  id: 'shop-4.2.1',
  source: '/pipelines/shop',
  subject: 'shop',
  service: 'shop',
  environment: 'production',
  attributes: { 'service.version': '4.2.1' },
  time: now - 41 * minute,
});

beforeAll(async () => {
  mkdirSync(join(world.dir, 'data/rules'), { recursive: true });
  writeFileSync(join(world.dir, 'data/rules/shop.ts'), rules);
  await world.start();
  await world.ruleRuns('slow');
  const now = Date.now();
  await world.send(
    ...shopEvents(now),
    deploy('shop 4.2.0', 119, now),
    deploy('shop 4.1.9', 150, now),
  );
  await world.send(released(now), ...troubleEvents(now));
  await world.send({
    type: 'metric',
    name: 'queue.depth',
    service: 'mailer',
    metric: 1_840,
    time: now - 95 * minute,
  });
  await world.ask('POST', `/api/v1/alerts/${await world.alertId('queue')}/acknowledge`, {
    note: 'a newsletter goes out, gone by noon',
  });
  await run(
    process.execPath,
    ['--import', 'tsx', 'src/cli/main.ts', 'import', 'git', join(import.meta.dirname, '../..')],
    {
      env: { ...process.env, TERRITORY_URL: world.url, TERRITORY_TOKEN: world.token },
    },
  );
  const { stdout } = await run('git', ['rev-parse', 'HEAD~20'], { cwd: import.meta.dirname });
  await world.send(...threadFacts(now, stdout.trim()));
  await world.historyHas('name = "http.server.request.duration.ms"', minutes * 16);
});
afterAll(() => world.stop());

const pages = [
  {
    name: 'explore',
    path: '/explore?metric=http.server.request.duration.ms&aggregate=p95&by=service&last=3h',
    wait: 'Show the events behind',
  },
  { name: 'stream', path: '/stream', wait: 'system.cpu.utilization' },
  { name: 'itself', path: '/itself', wait: 'Limits' },
  { name: 'rule', path: '/rules/rule/error-ratio', wait: 'everything on the log' },
  { name: 'alerts', path: '/alerts', wait: 'of requests fail' },
  { name: 'thread', path: '/thread?of=INC-42', wait: 'SHOP-77' },
  { name: 'add-a-source', path: '/sources/add', wait: 'OpenTelemetry' },
];

test.each(pages)('the picture of $name', async ({ name, path, wait }) => {
  const page = await world.open(path, { width: 1280 });
  await page.getByText(wait).first().waitFor();
  // Charts draw, and the live pages hear their first round of readings.
  await page.waitForTimeout(name === 'explore' ? 1000 : 11_000);
  const file = join(images, `${name}.png`);
  const picture = await page.screenshot({ path: file });
  expect(picture.length).toBeGreaterThan(10_000);
});

test('the picture of one alert', async () => {
  const page = await world.open('/alerts', { width: 1280 });
  await page.getByRole('link', { name: /of requests fail/ }).click();
  await page.getByRole('figure', { name: /over time/ }).waitFor();
  await page.getByText('Opened, critical').waitFor();
  await page.waitForTimeout(1000);
  const picture = await page.screenshot({ path: join(images, 'alert.png') });
  expect(picture.length).toBeGreaterThan(10_000);
});

test('the picture of a backtest', async () => {
  const page = await world.open('/rules/backtest?file=shop.ts&last=6h', { width: 1280 });
  const editor = page.getByRole('textbox', { name: /^shop.ts/ });
  await editor.waitFor();
  await editor.fill(rules.replace('metric > 160', 'metric > 130'));
  await page.getByRole('button', { name: 'Run' }).click();
  await page.getByRole('region', { name: 'Result' }).waitFor();
  await page.setViewportSize({ width: 1280, height: 1160 });
  await page.waitForTimeout(1500);
  await page.getByRole('region', { name: 'Result' }).evaluate('(e) => e.scrollIntoView()');
  await page.waitForTimeout(500);
  const picture = await page.screenshot({ path: join(images, 'backtest.png') });
  expect(picture.length).toBeGreaterThan(10_000);
});
