import { expect, test } from 'vitest';
import { stepsPage, stepsWith } from './page.ts';
import { vocabulary } from './vocabulary.ts';

test('docs/reference/steps.md is what the steps say of themselves', async () => {
  await expect(stepsPage()).toMatchFileSnapshot('../../../docs/reference/steps.md');
});

test('every example is of its own step, and of no other', () => {
  for (const { expression, example } of stepsWith()) {
    const [line = ''] = example;
    const text = line.replace(/^(Given|When|Then|And|But) /, '');
    expect(vocabulary.match(text).map(({ definition }) => definition.expression)).toEqual([
      expression,
    ]);
  }
});

test('steps are found by words in any order', () => {
  const found = stepsWith('code STATUS').map(({ expression }) => expression);
  expect(found).toContain('I should get a(n) {int} status code');
  expect(stepsWith('no such words')).toEqual([]);
});
