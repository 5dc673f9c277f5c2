import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { faults, overflow, World } from './world.ts';

// Seconds each on an idle machine; a loaded one may take its time.
vi.setConfig({ testTimeout: 120_000 });
const world = new World();

beforeAll(async () => {
  await world.start();
}, 180_000);
afterAll(() => world.stop());

test('what stands in the way of deploys stands above what runs where, narrow or wide', async () => {
  const production = { environment: 'production' };
  const until = Date.now() + 3_600_000;
  await world.ask('POST', '/api/v1/releases/freezes', {
    ...production,
    reason: 'Christmas sale',
    until,
  });
  await world.ask('POST', '/api/v1/releases/locks', {
    ...production,
    reason: 'moving the database',
  });
  await world.ask('POST', '/api/v1/releases/blocks', {
    app: 'shop',
    reason: 'drops orders',
    safe: '1.4.1',
  });
  for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
    const lock = { app: `app-${n}`, environment: 'staging', reason: 'watching' };
    // oxlint-disable-next-line no-await-in-loop -- in this order
    await world.ask('POST', '/api/v1/releases/locks', lock);
  }
  await world.send({
    type: 'dev.cdeventsx.territory-deploy.finished.0.1.0',
    service: 'shop',
    environment: 'production',
    attributes: { 'service.version': '1.4.2' },
  });
  for (const look of [{}, { width: 390 }, { dark: true }]) {
    // oxlint-disable-next-line no-await-in-loop -- one browser, one page after the other
    const page = await world.open('/releases', look);
    const strip = page.getByRole('region', { name: 'What stands in the way of deploys' });
    // oxlint-disable-next-line no-await-in-loop -- as above
    await strip.getByRole('button', { name: 'Show 7 more' }).click();
    // oxlint-disable-next-line no-await-in-loop -- as above
    await strip.getByText('shop@all').waitFor();
    // oxlint-disable-next-line no-await-in-loop -- as above
    const rows = await strip.getByRole('listitem').allInnerTexts();
    const plain = rows.map((text) => text.replaceAll(/\s+/g, ' '));
    expect(plain[0]).toMatch(
      /^frozen production Christmas sale; a deploy went out all the same by admin, until \d/,
    );
    expect(plain[1]).toMatch(/^locked production moving the database by admin, until \d/);
    expect(plain.at(-1)).toMatch(
      /^blocked shop@all drops orders; the safe version is 1\.4\.1 by admin, without an end$/,
    );
    // oxlint-disable-next-line no-await-in-loop -- as above
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    // oxlint-disable-next-line no-await-in-loop -- as above
    expect(await faults(page)).toEqual([]);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await page.close();
  }
});
