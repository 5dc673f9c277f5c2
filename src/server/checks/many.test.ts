import { expect, test } from 'vitest';
import { vocabulary } from '../../checks/steps/vocabulary.ts';
import { memoryLog } from '../../log/memory/memory-log.ts';
import { checksRoom } from '../../rooms/checks/room.ts';
import { maxChecks } from '../../rooms/checks/state.ts';
import { Keeper } from '../rooms/keeper.ts';
import { defineAll } from './define.ts';
import { planAll } from './planning.ts';

const settings = {
  file: 'checks.yaml',
  text: 'environments: {here: {base: "http://127.0.0.1:1"}}',
  good: undefined,
};

const plan = (...texts: readonly string[]) =>
  planAll(
    {
      features: texts.map((text, i) => ({ file: `${i}.feature`, text, good: undefined })),
      settings,
      findings: [],
    },
    vocabulary,
  );

const feature = (count: number, name: string): string =>
  Array.from(
    { length: count },
    (_, i) => `  Scenario: ${name}${i}\n    When I visit "/"\n    Then I should see "a"\n`,
  ).reduce((all, one) => all + one, 'Feature: x\n');

test('so many checks, and no more: what is not run is a finding', { timeout: 60_000 }, () => {
  const { checks, findings } = plan(feature(maxChecks + 3, 'a'));
  expect(checks).toHaveLength(maxChecks);
  expect(findings).toEqual([
    expect.objectContaining({
      file: '0.feature',
      line: maxChecks * 3 + 2,
      message: expect.stringContaining('5003 checks are wanted'),
    }),
  ]);
});

test('a row of a long outline is not told all the others', () => {
  const rows = Array.from({ length: 1_000 }, (_, i) => `      | ${i} |\n`).join('');
  const outline = `  Scenario Outline: row <n>\n    When I visit "/<n>"\n    Then I should see "a"\n`;
  const { checks, texts } = plan(`Feature: x\n${outline}    Examples:\n      | n |\n${rows}`);
  expect(checks).toHaveLength(1_000);
  expect(texts.get('here.0.row-999')).toContain('Scenario Outline: row <n>');
  expect(texts.get('here.0.row-999')?.length).toBeLessThan(5_000);
});

test('as many as there may be are taken for as many others', { timeout: 60_000 }, async () => {
  const keeper = new Keeper({
    room: checksRoom,
    log: memoryLog({ now: Date.now }),
    now: Date.now,
    onProblem: (error) => expect.unreachable(String(error)),
  });
  await keeper.start().reached;
  for (const name of ['a', 'b']) {
    const { checks } = plan(feature(maxChecks, name));
    const definitions = new Map(checks.map(({ definition }) => [definition.id, definition]));
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await defineAll(keeper, definitions, (what) => `${name}/${what}`);
    expect([...keeper.state.checks.keys()]).toEqual([...definitions.keys()]);
  }
  await keeper.close();
});
