import { afterEach, expect, test, vi } from 'vitest';
import { doubling } from './loading/rule-files.suite.ts';
import { type RunningRules, runRules } from './runtime.suite.ts';

let rules: RunningRules;
afterEach(async () => {
  await rules?.stop();
});

const soon = { timeout: 30_000, interval: 20 };
const heading = "import { events, rule } from 'territory/rules';\n";

/** Waits until what rule "good" emitted is this, each once and in order. */
async function untilGood(metrics: readonly number[]): Promise<void> {
  await vi.waitFor(async () => {
    const emitted = (await rules.fromRules()).filter((event) => event.name === 'x.double');
    expect(emitted.map(({ metric }) => metric)).toEqual(metrics);
  }, soon);
}

function stateOf(name: string) {
  return rules.runtime().rules.find((rule) => rule.name === name);
}

/** The kinds of the facts about a rule, `stopped`, with what they say. */
async function saidOf(rule: string): Promise<readonly string[]> {
  const facts = (await rules.fromRules()).filter(({ subject }) => subject === `rule/${rule}`);
  return facts.map(({ type, attributes }) => `${type.split('.')[3]}: ${attributes?.['message']}`);
}

test('a rule that throws is stopped alone after ten times, and started again by hand', async () => {
  const bad = `${heading}
rule('bad', () =>
  events
    .where('name = "x"')
    .map((event) => {
      if ((event.metric ?? 0) > 0) throw new Error('not again');
      return { metric: 1 };
    })
    .emit({ name: 'bad' }),
);
`;
  rules = await runRules({ 'bad.ts': bad, 'good.ts': doubling('good', 'x') });
  await vi.waitFor(() => expect(stateOf('good')?.state).toBe('running'), soon);
  for (let i = 1; i <= 12; i++) await rules.send({ name: 'x', metric: i });
  await untilGood([2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24]);
  await vi.waitFor(
    async () =>
      expect(await saidOf('bad')).toEqual([
        'failed: bad.ts:7:42: not again',
        'stopped: it failed 10 times within a minute, last: bad.ts:7:42: not again',
      ]),
    soon,
  );
  await vi.waitFor(() => expect(stateOf('bad')?.stat?.stopped).toMatch(/10 times/), soon);
  rules.runtime().startRule('bad');
  await vi.waitFor(() => expect(stateOf('bad')?.stat?.stopped).toBeUndefined(), soon);
  await rules.send({ name: 'x', metric: -1 });
  await vi.waitFor(
    async () => expect((await rules.fromRules()).some(({ name }) => name === 'bad')).toBe(true),
    soon,
  );
});

test('a rule that loops for ever is stopped alone, and no decision of the others is lost', async () => {
  const bad = `${heading}
rule('bad', () =>
  events
    .where('name = "x" and metric = 3')
    .map(() => {
      for (;;);
    })
    .emit({ name: 'bad' }),
);
`;
  rules = await runRules({ 'bad.ts': bad, 'good.ts': doubling('good', 'x') }, { turnTime: 500 });
  await vi.waitFor(() => expect(stateOf('good')?.state).toBe('running'), soon);
  for (let i = 1; i <= 5; i++) await rules.send({ name: 'x', metric: i });
  await untilGood([2, 4, 6, 8, 10]);
  expect(await saidOf('bad')).toEqual(['stopped: it did not come to an end within 0.5 s']);
  expect(stateOf('bad')?.stat?.stopped).toMatch(/did not come to an end/);
  expect(rules.runtime().counters().restarts).toBe(1);
});

test('a file that loops for ever while it is loaded keeps its old rules', async () => {
  rules = await runRules({ 'good.ts': doubling('good', 'x') }, { turnTime: 500 });
  await vi.waitFor(() => expect(stateOf('good')?.state).toBe('running'), soon);
  rules.folder.write('good.ts', doubling('good', 'x').replace('* 2', '* 7') + 'for (;;);\n');
  await vi.waitFor(
    () =>
      expect(rules.runtime().files).toMatchObject([
        { state: 'rejected', problem: { message: /did not come to an end/ } },
      ]),
    soon,
  );
  await rules.send({ name: 'x', metric: 1 });
  await untilGood([2]);
});

test('a rule that keeps what it is given is stopped alone', async () => {
  const bad = `${heading}
const kept: unknown[] = [];

rule('bad', () =>
  events
    .where('name = "x"')
    .map((event) => {
      kept.push(Array.from({ length: 20_000 }, (_, i) => \`\${event.id} \${i}\`));
      return undefined;
    })
    .emit({ name: 'bad' }),
);
`;
  rules = await runRules(
    { 'bad.ts': bad, 'good.ts': doubling('good', 'x') },
    { memory: 96 * 2 ** 20 },
  );
  await vi.waitFor(() => expect(stateOf('good')?.state).toBe('running'), soon);
  const sent: number[] = [];
  await vi.waitFor(
    async () => {
      sent.push(sent.length + 1);
      await rules.send({ name: 'x', metric: sent.length });
      expect(await saidOf('bad')).toHaveLength(1);
    },
    { timeout: 60_000, interval: 5 },
  );
  expect(await saidOf('bad')).toEqual([expect.stringMatching(/^stopped: it keeps more and more/)]);
  await untilGood(sent.map((metric) => metric * 2));
  await vi.waitFor(() => expect(stateOf('bad')?.stat?.stopped).toMatch(/keeps more/), soon);
}, 90_000);

test('a rule that takes all memory at once is stopped alone', async () => {
  const bad = `${heading}
rule('bad', () =>
  events
    .where('name = "x" and metric = 2')
    .map((event) => {
      const kept: unknown[] = [];
      for (;;) kept.push(new Array(500_000).fill(event));
    })
    .emit({ name: 'bad' }),
);
`;
  rules = await runRules(
    { 'bad.ts': bad, 'good.ts': doubling('good', 'x') },
    { memory: 64 * 2 ** 20, turnTime: 30_000 },
  );
  await vi.waitFor(() => expect(stateOf('good')?.state).toBe('running'), soon);
  for (let i = 1; i <= 4; i++) await rules.send({ name: 'x', metric: i });
  await untilGood([2, 4, 6, 8]);
  expect(await saidOf('bad')).toEqual(['stopped: no memory was left in its turn']);
}, 60_000);
