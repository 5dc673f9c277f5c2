import { createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { IntakesAnswer } from '../../src/server/api/contract-intakes.ts';
import { faults, overflow, World } from './world.ts';

// Seconds each on an idle machine; a loaded one may take its time.
vi.setConfig({ testTimeout: 120_000 });
const world = new World();

beforeAll(() => world.start(), 180_000);
afterAll(() => world.stop());

async function sendStatsd(text: string): Promise<void> {
  const response = await fetch(`${world.url}/api/v1/intakes`, {
    headers: { authorization: `Bearer ${world.token}` },
  });
  const intakes = (await response.json()) as IntakesAnswer; // the server's own schema made it
  const port = intakes.find(({ name }) => name === 'statsd')?.port ?? 0;
  const socket = createSocket('udp4');
  await new Promise((done) => socket.send(text, port, '127.0.0.1', done));
  socket.close();
}

test('a source is added with a token of its own, and the page says when its first event is there', async () => {
  const page = await world.open('/sources/add');
  await page.getByRole('searchbox', { name: 'What do you have?' }).fill('anything');
  await page.getByRole('link', { name: /Anything that can speak HTTP/ }).click();
  await page.getByRole('heading', { name: 'Anything that can speak HTTP', level: 1 }).waitFor();
  await page.getByText('Waiting for the first event…').waitFor();
  await page.getByLabel('Name, by which it is known here').fill('checkout');
  await page.getByRole('button', { name: 'Make a token' }).click();
  await page.getByText('is shown this once').waitFor();
  const lines = await page.getByLabel('Lines for a shell').innerText();
  const token = /Bearer (tty_[\w-]+)/.exec(lines)?.[1] ?? '';
  const send = (body: string) =>
    fetch(`${world.url}/api/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body,
    });

  await send('{"type":"metric","metrik":1}');
  await page.getByText('Something came from checkout and was refused').waitFor();
  await page.getByText('Did you mean "metric"?').waitFor();

  await send('{"type":"metric","name":"orders","metric":1}');
  await page.getByText('It arrives: 1 event accepted').waitFor();
  await page.getByRole('link', { name: 'See it in the stream' }).click();
  await page.getByRole('heading', { name: 'Stream', level: 1 }).waitFor();
  expect(new URL(page.url()).searchParams.get('where')).toBe('source = "/tokens/checkout"');
});

test('who sends is listed with what was refused, and without its secrets', async () => {
  await sendStatsd('orders:1|c');
  await sendStatsd('orders:one|c password=hunter22');
  const page = await world.open('/sources');
  const row = page.getByRole('row').filter({ hasText: 'statsd' });
  await row.getByText('some refused').waitFor();
  await row.getByText(/^last refused/).click();
  await row.getByText('orders:one|c password=[redacted]').waitFor();
  await page.getByLabel('Name or way in').fill('nobody');
  await page.getByText('No sender is like that.').waitFor();
  await page.getByLabel('Name or way in').fill('stat');
  await row.waitFor();

  await page.getByRole('link', { name: /^Ways in/ }).click();
  const way = page.getByRole('row').filter({ hasText: 'StatsD, DogStatsD' });
  await way.getByText('listening').waitFor();
  await way.getByRole('link', { name: '1 DECODE' }).waitFor();
  expect(await page.content()).not.toContain('hunter22');
});

test('who may only look is told whom to ask', async () => {
  const page = await world.stranger();
  const { url: link } = await world.ask<{ url: string }>('POST', '/api/v1/users/ada/link', {});
  await page.goto(link);
  await page.getByRole('heading', { name: 'Map', level: 1 }).waitFor();
  await page.goto('/sources/add/nrdp');
  await page.getByText('Ask one for a token that may send').waitFor();
  expect(await page.getByRole('button', { name: 'Make a token' }).isDisabled()).toBe(true);
});

test('a webhook gets an address and a secret, its first delivery is seen, and it is removed', async () => {
  const page = await world.open('/sources/add');
  await page.getByRole('link', { name: /^GitHub/ }).click();
  await page.getByLabel('Name, the last part of the address').fill('acme');
  await page.getByRole('button', { name: 'Make the address' }).click();
  await page.getByText(`${world.url}/webhooks/acme`).waitFor();
  const notice = page.getByRole('status').filter({ hasText: 'Secret, shown this once' });
  const secret = await notice.locator('code').innerText();
  const body = JSON.stringify({ zen: 'Keep it logically awesome.', hook_id: 1 });
  const deliver = (signature: string, id: string) =>
    fetch(`${world.url}/webhooks/acme`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'ping',
        'x-github-delivery': id,
        'x-hub-signature-256': `sha256=${signature}`,
      },
      body,
    });
  expect((await deliver('00', 'a')).status).toBe(401);
  await page.getByText('Something came from acme and was refused').waitFor();
  expect((await deliver(createHmac('sha256', secret).update(body).digest('hex'), 'b')).status).toBe(
    200,
  );
  await page.getByText('It arrives: 1 event accepted').waitFor();

  await page.getByRole('link', { name: 'Webhooks' }).click();
  await page.getByRole('button', { name: 'Remove acme' }).click();
  await page.getByRole('button', { name: 'Remove it' }).click();
  await page.getByRole('heading', { name: 'No product sends webhooks here yet' }).waitFor();
  expect((await deliver('00', 'c')).status).toBe(401);
});

test('a mapping shows what it makes as it is written, and where it is wrong', async () => {
  const page = await world.open('/sources/add/webhook/generic');
  await page.getByText('Becomes 1 event').waitFor();
  await page.getByText('"state": "critical"').waitFor();
  const mapping = page.getByLabel('Mapping, YAML');
  await mapping.fill('type: acme.build\nstat: $.build.status\n');
  await page.getByText(/mapping 2:1: .*state/).waitFor();
  await mapping.fill('type: acme.build\nstate: $.build.status\n');
  await page.getByText('Becomes 1 event').waitFor();
  await page.getByLabel('Name, the last part of the address').fill('builds');
  await page.getByRole('button', { name: 'Make the address' }).click();
  await page.getByText(`${world.url}/webhooks/builds`).waitFor();
  expect(await page.getByText('Secret, shown this once').count()).toBe(1);
});

const pages = [
  ['/sources', 'Sources'],
  ['/sources/intakes', 'Ways in'],
  ['/sources/add', 'Add a source'],
  ['/sources/add/statsd', 'StatsD, DogStatsD'],
  ['/sources/add/opentelemetry', 'OpenTelemetry'],
  ['/sources/add/nothing', 'Add a source'],
  ['/sources/add/webhook/generic', 'Anything that calls a URL'],
  ['/sources/add/webhook/stripe', 'Stripe'],
  ['/sources/webhooks', 'Webhooks'],
] as const;

test.each([
  { dark: false, width: 1280 },
  { dark: true, width: 360 },
])('axe finds nothing and nothing is too wide, dark: $dark, $width px', async (look) => {
  await sendStatsd('orders:1|c');
  const page = await world.open('/', look);
  for (const [path, title] of pages) {
    await page.goto(path);
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    await page.getByText('Asking…').waitFor({ state: 'detached' });
    expect([path, await overflow(page), ...(await faults(page))]).toEqual([path, 0]);
  }
});
