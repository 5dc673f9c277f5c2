import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { World } from './world.ts';

/**
 * The pictures of the README, of the real server and the real console: this machine's own
 * readings, this repository's commits, and readings of a small shop that a seed made.
 */
const world = new World();
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

beforeAll(async () => {
  await world.start();
  const now = Date.now();
  await world.send(
    ...shopEvents(now),
    deploy('shop 4.2.0', 119, now),
    deploy('shop 4.1.9', 150, now),
  );
  await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'src/cli/main.ts', 'import', 'git', join(import.meta.dirname, '../..')],
    {
      env: { ...process.env, TERRITORY_URL: world.url, TERRITORY_TOKEN: world.token },
    },
  );
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
