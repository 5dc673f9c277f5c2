import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readFeature } from '../language/feature.ts';
import { vocabularyOf } from '../language/vocabulary.ts';
import { vocabulary } from '../steps/vocabulary.ts';
import { Failed, Unknown, Unreached } from './failed.ts';
import { outboundOf } from './outbound.ts';
import type { StepResult } from './result.ts';
import { type RunOptions, runScenario } from './scenario.ts';
import type { Surroundings, World } from './world.ts';

const own = { group: 'x', about: '', example: [] } as const;
let tries = 0;
const ended: number[] = [];
const thing = { make: () => ++tries, end: (n: number) => void ended.push(n) };

/** Steps of the tests, beside those there are. */
const words = vocabularyOf<World>([
  ...vocabulary.definitions,
  { ...own, expression: 'nothing', kind: 'context', run: () => {} },
  { ...own, expression: 'it is asserted', kind: 'assertion', run: () => {} },
  {
    ...own,
    expression: 'nobody answers before try {int}',
    kind: 'action',
    run: (world, given) => {
      if (world.part(thing) < given.number(0)) throw new Unreached('nobody is there');
    },
  },
  {
    ...own,
    expression: 'it is wrong before try {int}',
    kind: 'assertion',
    run: (world, given) => {
      if (world.part(thing) < given.number(0)) throw new Failed('it is wrong');
    },
  },
  {
    ...own,
    expression: 'it is ideally less',
    kind: 'assertion',
    run: ({ warnings }) => void warnings.push('it is more'),
  },
  {
    ...own,
    expression: 'it can not be seen',
    kind: 'assertion',
    run: () => {
      throw new Unknown('it is dark');
    },
  },
  {
    ...own,
    expression: 'it never ends',
    kind: 'assertion',
    run: async () => new Promise(() => {}),
  },
  {
    ...own,
    expression: 'there is a picture',
    kind: 'context',
    run: (world) => {
      world.picture = async () => Promise.resolve(new Uint8Array([137, 80]));
    },
  },
]);

let base = '';
const server = createServer((request, answer) => {
  answer.setHeader('set-cookie', 'session=topsecret');
  answer.end(`${request.url} ${String(request.headers['x-key'])} ${'x'.repeat(3000)}`);
});
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});
afterAll(() => {
  server.close().closeAllConnections();
});
beforeEach(() => {
  tries = 0;
  ended.length = 0;
});

const signal = new AbortController().signal;

async function run(steps: readonly string[], options: RunOptions & { tags?: string } = {}) {
  const { tags = '', ...rest } = options;
  const text = `Feature: x\n  ${tags}\n  Scenario: y\n${steps.map((one) => `    * ${one}\n`).join('')}`;
  const read = readFeature('a.feature', text);
  const [scenario] = 'feature' in read ? read.feature.scenarios : [];
  if (!scenario) throw new Error('it is no feature');
  const planned = scenario.steps.flatMap((step) =>
    words.match(step.text).map((match) => ({ ...match, step })),
  );
  const surroundings: Surroundings = {
    base,
    outbound: outboundOf([base.slice('http://'.length)]),
    secret: (name) => (name === 'KEY' ? 'hunter2' : undefined),
  };
  return runScenario({ scenario, name: scenario.name, steps: planned }, surroundings, signal, rest);
}

test.each([
  [['it is asserted'], 'passed after 1', undefined],
  [['it is wrong before try 9', 'it is asserted'], 'failed after 1', ['assertion', 'it is wrong']],
  [['it can not be seen'], 'unknown after 1', ['other', 'it is dark']],
  [['nothing'], 'unknown after 1', ['other', 'nothing is asserted: it could only ever pass']],
  [['nobody answers before try 2', 'it is asserted'], 'passed after 2', undefined],
  [['nobody answers before try 3', 'it is asserted'], 'passed after 3', undefined],
  [
    ['nobody answers before try 4', 'it is asserted'],
    'failed after 3',
    ['network', 'nobody is there'],
  ],
  [
    ['the timeout is 20 ms', 'it never ends'],
    'failed after 1',
    ['time', 'it did not end within 0.02 s'],
  ],
])('%j: %s', async (steps, how, why) => {
  const { state, attempts, failure } = await run(steps);
  expect(`${state} after ${attempts}`).toBe(how);
  expect(failure && [failure.kind, failure.message]).toEqual(why);
});

test('what needs a browser is tried a second time, whatever failed', async () => {
  const good = await run(['it is wrong before try 2'], { tags: '@browser' });
  expect([good.state, good.attempts]).toEqual(['passed', 2]);
  tries = 0;
  const bad = await run(['it is wrong before try 3'], { tags: '@browser' });
  expect([bad.state, bad.attempts]).toEqual(['failed', 2]);
});

test('each step is told as it ends, with those that are skipped, in each attempt', async () => {
  const told: string[] = [];
  const onStep = ({ state, text, line }: StepResult, attempt: number): void =>
    void told.push(`${attempt} ${line} ${text}: ${state}`);
  const steps = ['nothing', 'nobody answers before try 2', 'it is asserted'];
  const result = await run(steps, { onStep });
  expect(told).toEqual([
    '1 4 nothing: passed',
    '1 5 nobody answers before try 2: failed',
    '1 6 it is asserted: skipped',
    '2 4 nothing: passed',
    '2 5 nobody answers before try 2: passed',
    '2 6 it is asserted: passed',
  ]);
  expect(result.steps.map(({ state, failure }) => failure ?? state)).toEqual(
    Array.from({ length: 3 }, () => 'passed'),
  );
  expect(ended).toEqual([1, 2]);
});

test('a scenario ends at its deadline, and says so', async () => {
  const { failure, seconds } = await run(['it never ends'], { deadline: 30 });
  expect(failure).toMatchObject({
    kind: 'time',
    message: 'the scenario did not end within 0.03 s',
    line: 4,
  });
  expect(seconds).toBeLessThan(5);
});

test('one that is stopped was not seen to the end', async () => {
  const stop = new AbortController();
  const going = runScenario(
    {
      name: 'y',
      scenario: { file: 'a', line: 1, column: 1, name: 'y', lines: [], steps: [], tags: [] },
      steps: words
        .match('it never ends')
        .map((one) => ({ ...one, step: { file: 'a', line: 2, column: 1, text: 'it never ends' } })),
    },
    { base, outbound: outboundOf([]), secret: () => undefined },
    stop.signal,
  );
  stop.abort();
  expect(await going).toMatchObject({
    state: 'unknown',
    failure: { message: 'it was stopped before it came to an end' },
  });
});

test('how late it began is told', async () => {
  expect((await run(['it is asserted'])).lagMs).toBe(0);
  const { lagMs } = await run(['it is asserted'], { due: Date.now() - 500 });
  expect(lagMs).toBeGreaterThanOrEqual(500);
  expect(lagMs).toBeLessThan(5000);
});

test.each([
  [['it is ideally less'], '', 'passed', 'it is more'],
  [['it is ideally less', 'it is wrong before try 9'], '', 'failed', undefined],
  [['it is wrong before try 9'], '@warning', 'failed', 'it is wrong'],
  [['it is wrong before try 9'], '@third-party', 'failed', 'it is wrong'],
  [['it can not be seen'], '@warning', 'unknown', undefined],
])('%j %s is %s with the warning %s', async (steps, tags, state, warning) => {
  const result = await run(steps, { tags });
  expect([result.state, result.warning]).toEqual([state, warning]);
});

test('what was answered is kept of one that fails, without secrets', async () => {
  const steps = ['I set header "X-Key" to the secret "KEY"', 'I visit "/a?key=hunter2"'];
  const { excerpt, failure } = await run([...steps, 'I should see "Welcome"']);
  expect(excerpt).toMatchObject({
    url: `${base}/a?key=***`,
    status: 200,
    headers: { 'set-cookie': '***', connection: 'keep-alive' },
  });
  expect(excerpt?.body).toHaveLength(2048);
  expect(JSON.stringify([excerpt, failure])).not.toMatch(/hunter2|topsecret/);
  expect((await run([...steps, 'it is asserted'])).excerpt).toBeUndefined();
});

test('a picture is taken of one that fails', async () => {
  const bad = await run(['there is a picture', 'it is wrong before try 9']);
  expect(bad.screenshot).toEqual(new Uint8Array([137, 80]));
  expect((await run(['there is a picture', 'it is asserted'])).screenshot).toBeUndefined();
});

test('the elapsed time is told with its limit', async () => {
  const { performance, state } = await run([
    'I am benchmarking',
    'I visit "/"',
    'the elapsed time should be less than 5 seconds',
  ]);
  expect([state, performance]).toEqual([
    'passed',
    [
      { label: 'elapsed', value: expect.any(Number), unit: 's', critical: 5, min: 0, max: 10 },
      { label: 'elapsed-lag', value: expect.any(Number), unit: 's', min: 0 },
    ],
  ]);
});
