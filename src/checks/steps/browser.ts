import type { Locator, Page } from 'playwright-core';
import { Failed, Unknown } from '../run/failed.ts';
import type { World } from '../run/world.ts';
import { consoleErrors, maskField, onPage, open, shownText, waitOf } from './browser-page.ts';
import { type Step, anAnswer, expectThat, needing } from './step.ts';

/** Roles that people name things by (WAI-ARIA 1.2). */
const roles = [
  'alert',
  'banner',
  'button',
  'checkbox',
  'combobox',
  'dialog',
  'form',
  'heading',
  'img',
  'link',
  'list',
  'listitem',
  'main',
  'menuitem',
  'navigation',
  'option',
  'radio',
  'region',
  'row',
  'search',
  'searchbox',
  'status',
  'switch',
  'tab',
  'table',
  'textbox',
] as const;
type Role = (typeof roles)[number];

/** A field by its label, its placeholder or its name; by a part of its label where there is none. */
async function fieldOf(page: Page, name: string, timeout: number): Promise<Locator> {
  const [exact, ...others] = [
    page.getByLabel(name, { exact: true }),
    page.getByPlaceholder(name, { exact: true }),
    page.locator(`[name=${JSON.stringify(name)}]`),
    page.getByLabel(name),
  ] as const;
  const any = others.reduce((all, one) => all.or(one), exact);
  await any.first().waitFor({ state: 'attached', timeout });
  for (const one of [exact, ...others])
    // oxlint-disable-next-line no-await-in-loop -- the first that is there
    if ((await one.count()) > 0) return one.first();
  return any.first();
}

/** Does something with a part of the page; says what the page shows where it can not be done. */
async function act(
  world: World,
  what: string,
  does: (page: Page, timeout: number) => Promise<unknown>,
): Promise<void> {
  await onPage(
    world,
    async (page) => does(page, waitOf(world)),
    async () => onPage(world, async (page) => `there is no ${what}; ${await shownText(page)}`, ''),
  );
}

const fill = async (
  world: World,
  name: string,
  { text, isSecret }: { readonly text: string; readonly isSecret: boolean },
): Promise<void> =>
  act(world, `field "${name}"`, async (page, timeout) => {
    const field = await fieldOf(page, name, timeout);
    if (isSecret) maskField(world, field);
    await field.fill(text, { timeout });
  });

async function click(world: World, role: 'button' | 'link', name: string): Promise<void> {
  await act(world, `${role} "${name}"`, async (page, timeout) =>
    page.getByRole(role, { name }).first().click({ timeout }),
  );
}

async function chooseFrom(world: World, option: string, list: string): Promise<void> {
  await act(world, `list "${list}" with "${option}"`, async (page, timeout) => {
    const found = await fieldOf(page, list, timeout);
    await found.selectOption({ label: option }, { timeout });
  });
}

async function choose(world: World, name: string): Promise<void> {
  await act(world, `radio button or check box "${name}"`, async (page, timeout) => {
    const found = page.getByRole('radio', { name }).or(page.getByRole('checkbox', { name }));
    await found.first().check({ timeout });
  });
}

async function shows(world: World, text: string, is: boolean): Promise<void> {
  await onPage(
    world,
    async (page) => {
      const state = is ? 'visible' : 'hidden';
      const found = page.getByText(text).filter({ visible: true }).first();
      await found.waitFor({ state, timeout: waitOf(world) });
    },
    async () =>
      onPage(
        world,
        async (page) => `expected ${is ? '' : 'no '}"${text}"; ${await shownText(page)}`,
        '',
      ),
  );
}

async function hasNamed(world: World, role: string, name: string): Promise<void> {
  const known = roles.find((one) => one === role);
  if (known === undefined)
    throw new Unknown(`"${role}" is no role that is known here: ${roles.join(', ')}`);
  await onPage(
    world,
    async (page) =>
      page
        .getByRole(known, { name })
        .first()
        .waitFor({ timeout: waitOf(world) }),
    async () =>
      onPage(
        world,
        async (page) => `expected a ${role} named "${name}"; there is ${await named(page, known)}`,
        '',
      ),
  );
}

/** The accessible names of a role, as far as they are texts. */
async function named(page: Page, role: Role): Promise<string> {
  const all = await page.getByRole(role).allInnerTexts();
  const texts = all.slice(0, 10).map((text) => `"${text.trim().slice(0, 60)}"`);
  return texts.length === 0 ? 'none' : texts.join(', ');
}

/** Largest Contentful Paint (W3C), ms; undefined where the browser saw none. */
const largestPaint = async (page: Page): Promise<number | undefined> =>
  page.evaluate<number | undefined>(
    `new Promise((done) => {
      let last;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) last = entry.startTime;
      }).observe({ type: 'largest-contentful-paint', buffered: true });
      setTimeout(() => done(last), 250);
    })`,
  );

async function paintedWithin(world: World, limit: number): Promise<void> {
  const ms = await onPage(world, largestPaint, 'the page told nothing of its paints');
  if (ms === undefined) throw new Unknown('the browser saw no largest contentful paint');
  const [seconds, most] = [ms / 1000, limit / 1000];
  world.performance.push({
    label: 'largest contentful paint',
    value: seconds,
    unit: 's',
    critical: most,
    min: 0,
  });
  expectThat(ms < limit, `less than ${most} s`, `it was painted after ${seconds.toFixed(3)} s`);
}

async function isAt(world: World, path: string): Promise<void> {
  const wanted = world.address(path).href;
  await onPage(
    world,
    async (page) => page.waitForURL(wanted, { timeout: waitOf(world), waitUntil: 'commit' }),
    async () =>
      onPage(world, async (page) => `expected to be at ${wanted}; it is ${page.url()}`, ''),
  );
}

async function isTitled(world: World, title: string): Promise<void> {
  const until = performance.now() + waitOf(world);
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- asked until it is so
    const seen = await onPage(world, async (page) => page.title(), 'the page has no title');
    if (seen === title) return;
    if (performance.now() > until)
      throw new Failed(`expected the title "${title}"; it is "${seen}"`);
    // oxlint-disable-next-line no-await-in-loop -- asked until it is so
    await onPage(world, async (page) => page.waitForTimeout(100), '');
  }
}

const group = 'Browser';

/** What a browser has opened. */
const aPage = 'a page';
const tag = { name: '@browser', why: 'needs a browser' } as const;

const openSteps: readonly Step[] = [
  {
    expression: 'I open {string} in the browser',
    kind: 'action',
    group,
    about:
      'Loads the page. What it answered is what steps about status, headers and body look at. Headers that were set are not sent.',
    example: ['When I open "/" in the browser'],
    gives: [anAnswer, aPage],
    run: async (world, given) => open(world, given.text(0)),
  },
];

const pageSteps: readonly Step[] = [
  {
    expression: 'I fill in {string} with {string}',
    kind: 'action',
    group,
    about: 'A field by its label, its placeholder or its name.',
    example: ['When I fill in "Email" with "ann@example.org"'],
    run: async (world, given) =>
      fill(world, given.text(0), { text: given.text(1), isSecret: false }),
  },
  {
    expression: 'I fill in {string} with the secret {string}',
    kind: 'action',
    group,
    about:
      'The value is given where it is run, by its name. Neither words nor the field in a picture show it.',
    example: ['When I fill in "Password" with the secret "SHOP_PASSWORD"'],
    run: async (world, given) =>
      fill(world, given.text(0), { text: world.secret(given.text(1)), isSecret: true }),
  },
  {
    expression: 'I press {string}',
    kind: 'action',
    group,
    about: 'A button by its name.',
    example: ['When I press "Sign in"'],
    run: async (world, given) => click(world, 'button', given.text(0)),
  },
  {
    expression: 'I click the link {string}',
    kind: 'action',
    group,
    about: 'A link by its name.',
    example: ['When I click the link "Basket"'],
    run: async (world, given) => click(world, 'link', given.text(0)),
  },
  {
    expression: 'I choose {string} from {string}',
    kind: 'action',
    group,
    about: 'An option of a list, by what it shows; the list by its label or its name.',
    example: ['When I choose "Tea" from "Drink"'],
    run: async (world, given) => chooseFrom(world, given.text(0), given.text(1)),
  },
  {
    expression: 'I choose {string}',
    kind: 'action',
    group,
    about: 'A radio button or a check box, by its label.',
    example: ['When I choose "Send me a receipt"'],
    run: async (world, given) => choose(world, given.text(0)),
  },
  {
    expression: 'the page should show {string}',
    kind: 'assertion',
    group,
    about: 'A text is to be seen, at once or within 5 s.',
    example: ['Then the page should show "Your basket"'],
    run: async (world, given) => shows(world, given.text(0), true),
  },
  {
    expression: 'the page should not show {string}',
    kind: 'assertion',
    group,
    about: 'A text is not to be seen, at once or within 5 s.',
    example: ['Then the page should not show "Loading"'],
    run: async (world, given) => shows(world, given.text(0), false),
  },
  {
    expression: 'there should be a(n) {word} named {string}',
    kind: 'assertion',
    group,
    about:
      'By role and accessible name, as screen readers tell them: button, link, heading, textbox, navigation, …',
    example: ['Then there should be a button named "Sign in"'],
    run: async (world, given) => hasNamed(world, given.text(0), given.text(1)),
  },
  {
    expression: 'the title of the page should be {string}',
    kind: 'assertion',
    group,
    about: 'At once or within 5 s.',
    example: ['Then the title of the page should be "The shop"'],
    run: async (world, given) => isTitled(world, given.text(0)),
  },
  {
    expression: 'the browser should be at {string}',
    kind: 'assertion',
    group,
    about: 'The address, at once or within 5 s.',
    example: ['Then the browser should be at "/basket"'],
    run: async (world, given) => isAt(world, given.text(0)),
  },
  {
    expression: 'there should be no console errors',
    kind: 'assertion',
    group,
    about: 'Since the page was opened: no error in the console, nothing thrown by its scripts.',
    example: ['Then there should be no console errors'],
    run: async (world) => {
      await onPage(world, async (page) => page.waitForLoadState('load'), 'the page is not loaded');
      const errors = consoleErrors(world);
      expectThat(errors.length === 0, 'no errors in the console', errors.join('; '));
    },
  },
  {
    expression: 'the largest contentful paint should be less than {duration}',
    kind: 'assertion',
    group,
    about: 'Of the page that was opened, as the browser measures it (W3C). One sample.',
    example: ['Then the largest contentful paint should be less than 2.5 s'],
    run: async (world, given) => paintedWithin(world, given.number(0)),
  },
];

/** What is done and seen in a browser. */
export const browserSteps: readonly Step[] = [...openSteps, ...needing(aPage, pageSteps)].map(
  (step) => ({ ...step, tag }),
);
