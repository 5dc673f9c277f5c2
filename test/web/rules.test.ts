import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { faults, overflow, World } from './world.ts';

// Seconds each on an idle machine; a loaded one may take its time.
vi.setConfig({ testTimeout: 120_000 });
const world = new World();
const minute = 60_000;
const started = Date.now();
const fileOf = (name: string): string => join(world.dir, 'data/rules', name);

/** A rule that alerts at more than `limit`. */
const disks = (
  limit: number,
  operator = 'level',
): string => `import { events, rule } from 'territory/rules';

const disks = events.where('name = "disk.used"').by('host');

rule('disks', () =>
  disks
    .${operator}({ critical: 'metric > ${limit}' })
    .changed('state', { from: 'ok' })
    .alert({ title: '{host} is {metric:percent} full' }),
);
`;

const fails = `import { events, rule } from 'territory/rules';

rule('fails', () =>
  events
    .where('name = "orders"')
    .map((e) => ({ metric: (JSON.parse(e.host ?? '?') as { cents: number }).cents }))
    .emit({ name: 'order.cents' }),
);
`;

beforeAll(async () => {
  await world.start();
  mkdirSync(join(world.dir, 'data/rules'), { recursive: true });
  // Ever fuller: two hosts, one of which only the lower limit catches.
  const now = started;
  await world.send(
    ...Array.from({ length: 20 }, (_, i) => [
      {
        type: 'metric',
        name: 'disk.used',
        host: 'db-1',
        metric: 0.5 + i / 40,
        time: now - (30 - i) * minute,
      },
      {
        type: 'metric',
        name: 'disk.used',
        host: 'db-2',
        metric: 0.4 + i / 50,
        time: now - (30 - i) * minute,
      },
    ]).flat(),
    {
      type: 'dev.cdeventsx.shop-release.deployed.0.1.0',
      subject: 'release/7',
      time: now - 20 * minute,
    },
  );
  await world.historyHas('name = "disk.used"', 40);
}, 180_000);
afterAll(() => world.stop());

test('without rules the page teaches the first one; a saved file runs, a bad save changes nothing', async () => {
  const page = await world.open('/rules');
  await page.getByRole('heading', { name: 'No rule runs yet' }).waitFor();
  await page.getByText('territory rules check').waitFor();
  expect(await faults(page)).toEqual([]);

  writeFileSync(fileOf('disks.ts'), disks(0.9));
  const row = page.getByRole('row').filter({ hasText: 'disks.ts:5' });
  await row.getByText('running').waitFor();

  writeFileSync(fileOf('disks.ts'), disks(0.9, 'levl'));
  const rejected = page.getByRole('list', { name: 'Files that were rejected' });
  await rejected.getByText('disks.ts:7:6').waitFor();
  await rejected.getByText("Property 'levl' does not exist").waitFor();
  await rejected.getByText('The rules of this file that ran before go on').waitFor();
  await row.getByText('running').waitFor();
  expect(await faults(page)).toEqual([]);
  await rejected.getByRole('link', { name: 'Open it' }).click();
  await page.getByRole('textbox', { name: /disks.ts/ }).waitFor();

  writeFileSync(fileOf('disks.ts'), disks(0.9));
  await page.goto('/rules');
  await row.waitFor();
  await rejected.waitFor({ state: 'detached' });
});

test('a rule shows its plan with counts, in words too, and its own lines of the source', async () => {
  await world.send({ type: 'metric', name: 'disk.used', host: 'seen', metric: 0.95 });
  const page = await world.open('/rules');
  await page.getByRole('link', { name: 'disks', exact: true }).click();
  await page.getByRole('img', { name: /^Plan of disks: 6 operators/ }).waitFor();
  await page.getByText('The plan as a table').click();
  const plan = page.getByRole('table', { name: 'Operators of the plan' });
  await plan.getByRole('row', { name: /level .*metric > 0.9/ }).waitFor();
  await plan.getByRole('row', { name: /^5 alert .* 1 0$/ }).waitFor();
  const own = page.getByRole('region', { name: 'Source of disks.ts' }).locator('.bg-accent-wash');
  expect((await own.allInnerTexts()).join('')).toMatch(/^5rule\('disks'[\s\S]*10\);\s*$/);
  const alerts = page.getByRole('region', { name: 'Alerts' });
  await alerts.getByRole('link', { name: 'seen is 95 % full' }).waitFor();
  expect(await faults(page)).toEqual([]);
});

test('a rule that throws is stopped alone, says why, and is started again', async () => {
  writeFileSync(fileOf('fails.ts'), fails);
  await world.ruleRuns('fails');
  await world.send(
    ...Array.from({ length: 12 }, () => ({
      type: 'metric',
      name: 'orders',
      host: 'not json',
      metric: 1,
    })),
  );
  const page = await world.open('/rules');
  const row = page.getByRole('row').filter({ hasText: 'fails.ts' });
  await row.getByText('stopped').first().waitFor();
  await page.getByRole('row').filter({ hasText: 'disks.ts' }).getByText('running').waitFor();
  await row.getByRole('link', { name: 'fails' }).click();
  await page.getByRole('alert').getByText('it failed 10 times within a minute').waitFor();
  expect(await faults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Start it again' }).click();
  await page.getByRole('alert').waitFor({ state: 'detached' });
  rmSync(fileOf('fails.ts'));
});

test('a changed limit is tried on the past beside the rule that runs, and the address keeps it', async () => {
  const range = new URLSearchParams({
    from: new Date(started - 40 * minute).toISOString(),
    to: new Date(started - 5 * minute).toISOString(),
  });
  const page = await world.open(`/rules/backtest?${range.toString()}`);
  await page.getByRole('heading', { name: 'What would it have decided?' }).waitFor();
  await page.getByRole('combobox', { name: 'Rules' }).selectOption('disks.ts');
  const editor = page.getByRole('textbox', { name: /^disks.ts/ });
  await vi.waitFor(async () => expect(await editor.inputValue()).toContain('metric > 0.9'));
  await editor.fill(disks(0.7));
  await page.getByRole('button', { name: 'Run' }).click();
  const result = page.getByRole('region', { name: 'Result' });
  await result.getByRole('region', { name: 'Candidate' }).getByText('2 alerts').waitFor();
  await result.getByRole('region', { name: 'Live' }).getByText('1 alert,').waitFor();
  await result.getByRole('figure', { name: /^disk.used over time/ }).waitFor();
  const table = result.getByRole('table', { name: 'Alerts of the backtest' });
  await table.getByRole('row', { name: /only candidate db-2 is/ }).waitFor();
  await table.getByRole('row', { name: /differs db-1 is/ }).waitFor();
  await page.getByText('no gaps').waitFor();
  expect(await faults(page)).toEqual([]);
  await page.getByText('only candidate 1').click();
  await table.getByRole('row', { name: /differs/ }).waitFor({ state: 'detached' });
  const evidence = await table.getByRole('link', { name: 'Stream' }).getAttribute('href');
  expect(new URLSearchParams(evidence?.split('?')[1]).get('where')).toBe('host = "db-2"');

  const again = await page.context().newPage();
  await again.goto(page.url());
  const shared = again.getByRole('textbox', { name: 'disks.ts' });
  await shared.waitFor();
  expect(await shared.inputValue()).toBe(disks(0.7));
  // What an address brings is run by a person, not by the address.
  await again.getByRole('heading', { name: 'What would it have decided?' }).waitFor();
});

test('what is wrong with a text is said at its line, which the editor finds', async () => {
  const page = await world.open('/rules/backtest?text=new', { width: 360 });
  const editor = page.getByRole('textbox');
  // What the page teaches is right itself.
  await page.getByRole('button', { name: 'Run' }).click();
  await page.getByRole('region', { name: 'Result' }).waitFor();
  await editor.fill(disks(0.9, 'levl'));
  await page.getByRole('button', { name: 'Run' }).click();
  await page.getByRole('button', { name: /^rules.ts:7:6 Property 'levl'/ }).click();
  expect(await editor.getAttribute('aria-invalid')).toBe('true');
  const caret = await page.evaluate<number>('document.activeElement.selectionStart');
  expect(disks(0.9, 'levl').slice(caret, caret + 4)).toBe('levl');
  expect([await overflow(page), ...(await faults(page))]).toEqual([0]);
});

test('a ready rule is chosen once and then runs', async () => {
  const page = await world.open('/rules/library');
  await page.getByRole('button', { name: 'Choose: disk-full' }).click();
  await page.getByText(/^Copied to/).waitFor();
  expect(await page.getByRole('button', { name: 'Chosen: disk-full' }).isDisabled()).toBe(true);
  await world.ruleRuns('disk-full');
  await page.getByRole('link', { name: 'Try on the past' }).first().click();
  await page.getByRole('textbox', { name: /\.ts$/ }).waitFor();
});

const pages = [
  ['/rules', 'Rules'],
  ['/rules/library', 'Ready rules'],
  ['/rules/backtest', 'Backtest'],
  ['/rules/rule/disks', 'disks'],
  ['/rules/rule/never-written', 'never-written'],
] as const;

test.each([
  { dark: false, width: 1280 },
  { dark: true, width: 360 },
])('axe finds nothing and nothing is too wide, dark: $dark, $width px', async (look) => {
  const page = await world.open('/', look);
  for (const [path, title] of pages) {
    await page.goto(path);
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    await page.getByText('Asking…').first().waitFor({ state: 'detached' });
    expect([path, await overflow(page), ...(await faults(page))]).toEqual([path, 0]);
  }
});

test('the palette and the keys lead to rules and alerts', async () => {
  const page = await world.open('/stream');
  await page.getByRole('heading', { name: 'Stream', level: 1 }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await page.getByRole('heading', { name: 'Rules', level: 1 }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await page.getByRole('heading', { name: 'Alerts', level: 1 }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Command palette' }).getByRole('combobox').waitFor();
  await page.keyboard.type('rule disks');
  await page.getByRole('option', { name: 'Rule disks' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'disks', level: 1 }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/rules/rule/disks');
});
