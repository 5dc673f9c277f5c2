import { expect, test } from 'vitest';
import { answerTo } from './help-desk.ts';

const trouble = 'one in twenty answers of the site takes longer than 2 s';

test.each([
  ['It is slow today', [trouble], /not you: one in twenty/],
  ['I can not order', [trouble], /not you/],
  ['It is slow today', [], /works again/],
  ['Where is my print?', [trouble], /two working days/],
  ['Invoice', [], /invoice is in the mail/],
  ['A clip for a school', [trouble], /Thank you/],
] as const)('%s, with troubles %j', (subject, troubles, answer) => {
  expect(answerTo(subject, { troubles })).toMatch(answer);
});
