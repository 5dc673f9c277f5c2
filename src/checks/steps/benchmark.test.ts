import { type Server, createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { benchmarkSteps } from './benchmark.ts';
import { contextSteps } from './context.ts';
import { httpSteps } from './http.ts';
import { running, trying } from './steps.suite.ts';

let server: Server;
let base = '';
let atOnce = 0;
let most = 0;
let visits = 0;
beforeEach(() => {
  most = 0;
  visits = 0;
});
beforeAll(async () => {
  server = createServer((request, answer) => {
    visits++;
    most = Math.max(most, ++atOnce);
    const ms = { '/slow': 60, '/held': 5 }[request.url ?? ''] ?? 0;
    setTimeout(() => {
      atOnce--;
      answer.writeHead(request.url === '/bad' ? 503 : 200).end('Welcome');
    }, ms);
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});
afterAll(() => {
  server.close().closeAllConnections();
});

const busy = {
  expression: 'the runner is busy for {int} ms',
  kind: 'action',
  group: 'x',
  about: '',
  example: [],
  run: async (_: unknown, given: { readonly number: (n: number) => number }) => {
    // The delay is seen by the next look at the clock.
    await wait(20);
    const until = performance.now() + given.number(0);
    while (performance.now() < until);
    await wait(20);
  },
} as const;
const steps = [...contextSteps, ...httpSteps, ...benchmarkSteps, busy];
const trial = trying(steps);
const run = running(steps);

test.each([
  [['Given I am benchmarking', 'When I visit "/"'], '5 s', 'passed'],
  [['When I visit "/"'], '5 s', 'passed'],
  [
    ['When I visit "/slow"'],
    '50 ms',
    /^(failed: expected less than 0\.05 s; it took 0\.\d+ s|unknown: .* the runner itself was .* late)/,
  ],
  [['When I measure "/" 5 times', 'Then the median'], '5 s', 'passed'],
  [['When I measure "/" 20 times', 'Then the 95th percentile'], '5 s', 'passed'],
  [
    ['When I measure "/" 19 times', 'Then the 95th percentile'],
    '5 s',
    'unknown: there are 19 measured times, at least 20 are needed',
  ],
  [['Then the median'], '5 s', /^unknown: there are 0 measured times/],
  [
    ['When I measure "/bad" 5 times', 'Then the median'],
    '5 s',
    'failed: 5 of 5 visits were answered 503',
  ],
  [
    ['When I measure "/" 1001 times', 'Then the median'],
    '5 s',
    'unknown: it can be measured 1 to 1000 times',
  ],
])('%j should be less than %s: %s', async (lines, limit, how) => {
  const [last = ''] = lines.slice(-1);
  const isNamed = last.startsWith('Then');
  const then = `${isNamed ? last : 'Then the elapsed time'} should be less than ${limit}`;
  const all = [...(isNamed ? lines.slice(0, -1) : lines), then];
  expect(await trial(all, { base })).toMatch(how);
});

test('so many visits are at once, and all are made', async () => {
  const line = 'When I measure "/held" 12 times with 4 at once';
  expect(await trial([line, 'Then the median should be less than 5 s'], { base })).toBe('passed');
  expect([visits, most]).toEqual([12, 4]);
});

test('what is measured is told with its limits, and how late the runner was', async () => {
  const { performance, state, warning } = await run(
    [
      'When I measure "/" 20 times',
      'Then the 95th percentile should be less than 5 s, ideally less than 4 s',
      'And the 95th percentile should be less than 3 s',
    ],
    { base },
  );
  const value = expect.any(Number);
  expect([state, warning]).toEqual(['passed', undefined]);
  expect(performance).toEqual([
    { label: 'p95', value, unit: 's', warning: 4, critical: 5, min: 0, max: 10 },
    { label: 'p95-lag', value, unit: 's', min: 0 },
    { label: 'p95-2', value, unit: 's', critical: 3, min: 0, max: 10 },
    { label: 'p95-2-lag', value, unit: 's', min: 0 },
  ]);
});

test('what is only worse than ideal passes with a warning', async () => {
  const { state, warning } = await run(
    [
      'Given I am benchmarking',
      'When I visit "/slow"',
      'Then the elapsed time should be less than 60 s, ideally less than 60 ms',
    ],
    { base },
  );
  // Where this machine was late itself nothing is said of it.
  expect(`${state} ${warning ?? ''}`).toMatch(/^passed (ideally less than 0\.06 s; it took.*)?$/);
});

test('too slow is unknown where the runner was late itself', async () => {
  const lines = ['Given I am benchmarking', 'When the runner is busy for 80 ms'];
  expect(
    await trial([...lines, 'Then the elapsed time should be less than 100 ms'], { base }),
  ).toMatch(
    /^unknown: it took 0\.\d+ s, but the runner itself was 0\.\d+ s late, more than a fifth of 0\.1 s/,
  );
  expect(await trial([...lines, 'Then the elapsed time should be less than 60 s'], { base })).toBe(
    'passed',
  );
  expect(
    await run(
      [...lines, 'Then the elapsed time should be less than 60 s, ideally less than 100 ms'],
      { base },
    ),
  ).not.toHaveProperty('warning');
});
