import { expect, test } from 'vitest';
import { vocabulary } from '../../checks/steps/vocabulary.ts';
import { readCheckSettings } from '../../checks/settings/read.ts';
import type { CheckDefinition } from '../../rooms/checks/definition.ts';
import { checksOf } from './definitions.ts';
import { planFeature } from './features.ts';

const steps = '    When I visit "/"\n    Then I should get a 200 status code\n';

/** The checks of a feature, and what is found. */
function made(text: string, more = '', file = 'shop/home.feature') {
  const read = readCheckSettings(
    'checks.yaml',
    `environments: {staging: {}, production: {}}\n${more}`,
  );
  if (!('settings' in read)) throw new Error(JSON.stringify(read.findings));
  const feature = planFeature({ file, text }, vocabulary);
  const { checks, findings } = checksOf([feature], {
    ...read.settings,
    settingsFile: 'checks.yaml',
  });
  return {
    checks: checks.map(({ definition }) => definition),
    findings: [...feature.findings, ...findings].map(({ line, message }) => `${line}: ${message}`),
  };
}

const scenario = (tags: string, name = 'home', more = ''): string =>
  `Feature: x\n  ${tags}\n  Scenario: ${name}\n${more}${steps}`;

const first = (text: string): CheckDefinition => {
  const [check] = made(text).checks;
  if (!check) throw new Error('no check');
  return check;
};

test('a check is named by its environment, file and scenario', () => {
  const text = `Feature: x\n  Scenario: Zoë's page (1)\n${steps}  Scenario: zoes page 1\n${steps}`;
  expect(made(text).checks.map(({ id }) => id)).toEqual([
    'staging.shop-home.zoe-s-page-1',
    'production.shop-home.zoe-s-page-1',
    'staging.shop-home.zoes-page-1',
    'production.shop-home.zoes-page-1',
  ]);
  const twice = `Feature: x\n  Scenario: a\n${steps}  Scenario: A!\n${steps}`;
  expect(made(twice).checks.map(({ id }) => id)).toContain('staging.shop-home.a-2');
});

test.each([
  ['', 'ticket'],
  ['@ticket', 'ticket'],
  ['@note', 'note'],
  ['@page', 'page'],
  ['@note @page', 'page'],
  ['@gate', 'ticket'],
])('%s tells by %s', (tags, route) => {
  expect(first(scenario(tags)).route).toBe(route);
});

test.each([
  ['@every(30s)', { interval: 30_000 }],
  ['', { interval: 60_000 }],
  ['@warning', { isWarning: true }],
  ['@third-party', { isWarning: true }],
  ['@gate', { isGate: true, isWarning: false }],
  ['@app(shop)', { application: 'shop' }],
  ['', { application: undefined }],
])('%s makes %o', (tags, fits) => {
  expect(first(scenario(tags))).toMatchObject(fits);
});

test('the application is the one that a step names, unless it is an address', () => {
  expect(first(scenario('', 'a', '    Given I am testing "shop"\n')).application).toBe('shop');
  expect(
    first(scenario('', 'a', '    Given the "shop" application has booted\n')).application,
  ).toBe('shop');
  expect(
    first(scenario('', 'a', '    Given I am testing "https://x.example"\n')).application,
  ).toBeUndefined();
});

test('a scenario is for the environments that it names, and says which there are not', () => {
  const { checks, findings } = made(scenario('@env(staging,moon)'));
  expect(checks.map(({ environment }) => environment)).toEqual(['staging']);
  expect(findings).toEqual(['2: @env(moon): the settings have no such environment']);
});

test('what a check depends on is found in its environment', () => {
  const text = `Feature: x\n  Scenario: dns\n${steps}  @dependsOn(DNS) @dependsOn(shop-home.other)\n  Scenario: other\n${steps}`;
  const { checks, findings } = made(text);
  expect(checks.find(({ id }) => id === 'production.shop-home.other')?.dependsOn).toEqual([
    'production.shop-home.dns',
  ]);
  // Nothing needs itself.
  expect(findings).toContain(
    '5: @dependsOn(shop-home.other): there is no such check in production',
  );
});

test('a time span that is none keeps a feature from being run', () => {
  expect(made(scenario('@every(100ms)')).findings).toEqual([
    '2: @every(100ms): no time span of 1s or more, such as 30s or 5m',
  ]);
});

test('what is run tells a check from another, and not where it stands', () => {
  const { sha } = first(scenario('@page'));
  expect(first(`\n\n${scenario('@page')}`).sha).toBe(sha);
  expect(first(scenario('@note')).sha).not.toBe(sha);
  expect(first(scenario('@page').replace('200', '201')).sha).not.toBe(sha);
});

test('a plugin is a check as well', () => {
  const plugins = `plugins:\n  disk: {command: [check_disk, -w, 10%], environment: staging, application: shop, every: 5m, tags: ["@page"]}\n`;
  const { checks } = made(scenario(''), plugins);
  expect(checks.at(-1)).toMatchObject({
    id: 'staging.checks.disk',
    kind: 'plugin',
    file: 'checks.yaml',
    application: 'shop',
    interval: 300_000,
    route: 'page',
  });
});
