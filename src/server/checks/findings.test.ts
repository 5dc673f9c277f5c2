import { expect, test } from 'vitest';
import { lineOfFinding } from '../../checks/language/plan.ts';
import { vocabulary } from '../../checks/steps/vocabulary.ts';
import { type DefinitionGround, checksOf } from './definitions.ts';
import { planFeature } from './features.ts';

const ground = {
  environments: [{ name: 'staging' }],
  plugins: [],
  defaults: { every: 60_000 },
  settingsFile: 'checks.yaml',
} as unknown as DefinitionGround;

const text = `@every(fast)
Feature: Shop
  @env(staging,prod) @dependsOn(dns)
  Scenario: home
    When I visit "/"
    Then I should see "x"
  @dependsOn(home)
  Scenario: basket
    When I visit "/basket"
    Then I should see "x"
`;

test('what a tag says and nobody knows is told at the tag', () => {
  const feature = planFeature({ file: 'shop.feature', text }, vocabulary);
  expect([...new Set(feature.findings.map(lineOfFinding))]).toEqual([
    'shop.feature:1:1: @every(fast): no time span of 1s or more, such as 30s or 5m',
  ]);
  expect(checksOf([feature], ground).findings.map(lineOfFinding)).toEqual([
    'shop.feature:3:3: @env(prod): the settings have no such environment',
    'shop.feature:3:22: @dependsOn(dns): there is no such check in staging',
  ]);
});
