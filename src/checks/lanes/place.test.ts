import { expect, test } from 'vitest';
import { readFeature } from '../language/feature.ts';
import { planOf } from '../language/plan.ts';
import { vocabulary } from '../steps/vocabulary.ts';
import { placeOf } from './place.ts';

const applications = new Map([['mail', 'http://mail.example:8025/ui']]);
const then = 'I should get a location of "https://elsewhere.example/"';

test.each([
  [['I visit "/"'], 'https://shop.example', false],
  [['I am testing "shop"', 'I visit "/"'], 'https://shop.example', false],
  [['I am testing "mail"', 'I visit "/"'], 'http://mail.example:8025', false],
  [['I am testing "http://127.0.0.1:80/x"', 'I visit "/"'], 'http://127.0.0.1', false],
  [['I am benchmarking', 'I visit "/"'], 'https://shop.example', true],
])('%j is at %s, alone: %s', (steps, target, isAlone) => {
  const lines = [...steps, then].map((step) => `    * ${step}\n`);
  const read = readFeature('a.feature', `Feature: x\n  Scenario: y\n${lines.join('')}`);
  const { scenarios } = planOf('feature' in read ? [read.feature] : [], vocabulary);
  const places = scenarios.map((one) =>
    placeOf(one, {
      base: 'https://shop.example/start',
      application: (name) => applications.get(name),
    }),
  );
  expect(places).toEqual([{ target, isAlone }]);
});
