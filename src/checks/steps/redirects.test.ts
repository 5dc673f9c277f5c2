import { type RequestListener } from 'node:http';
import { describe, expect, test } from 'vitest';
import { readMap } from '../redirects/map.ts';
import { answering, serving, someMap } from '../redirects/served.suite.ts';
import type { AccessSeen, StreamQuestions } from '../run/ports.ts';
import { contextSteps } from './context.ts';
import { redirectSteps } from './redirects.ts';
import { type TriedWith, running, trying } from './steps.suite.ts';

const steps = [...contextSteps, ...redirectSteps];
const tried = trying(steps);
const map = someMap(60);
const { rows } = readMap(map, 'map.csv');

/** A served map, and what a scenario needs to find it. */
async function given(listener: RequestListener = answering(rows), more: TriedWith = {}) {
  const { url } = await serving(listener);
  const files: Readonly<Record<string, string>> = { 'map.csv': map, 'bad.csv': 'one,two\n' };
  const file = async (name: string) => files[name] ?? '';
  return { base: url, file, ...more };
}

const every = 'Then every redirect in "map.csv" should hold';

describe('every redirect of a map', () => {
  test('holds', async () => {
    const { state, performance } = await running(steps)([every], await given());
    expect(state).toBe('passed');
    expect(performance).toMatchObject([
      { label: 'redirects', value: 60 },
      { label: 'wrong', value: 0, critical: 1, max: 60 },
      { label: 'verified', unit: 's' },
    ]);
  });

  test('does not, with the lines and what was seen', async () => {
    const broken = answering(rows.filter(({ line }) => line !== 7 && line !== 9));
    expect(await tried([every], await given(broken))).toMatch(
      /^failed: 2 of 60 do not hold: line 7 http:\S+: 301 to https:\S+, seen 404; line 9 /,
    );
  });

  test('is asked for with the headers that were set', async () => {
    const served = answering(rows);
    const guarded = await given((request, answer) =>
      request.headers['x-key'] === 'k' ? served(request, answer) : answer.writeHead(403).end(),
    );
    expect(await tried(['Given I set header "X-Key" to "k"', every], guarded)).toBe('passed');
    expect(await tried([every], guarded)).toMatch(/^failed: 60 of 60/);
  });

  test('is asked for in samples of each host', async () => {
    const asked = new Map<string, number>();
    const served = answering(rows);
    const sampling = await given((request, answer) => {
      const { host = '' } = request.headers;
      asked.set(host, (asked.get(host) ?? 0) + 1);
      served(request, answer);
    });
    expect(await tried([`${every}, sampling 4 per host`], sampling)).toBe('passed');
    expect([...asked.values()]).toEqual([4, 4, 4]);
  });

  test('is unknown at its own address where that may not be gone to', async () => {
    const file = async () => 'old,new\nhttp://127.0.0.1:1/x,http://a.example\n';
    const lines = ['Then every redirect in "map.csv" should hold at its own address'];
    expect(await tried(lines, { file, allowed: [] })).toMatch(
      /^unknown: 1 of 1 could not be asked/,
    );
  });

  test('is unknown where the map can not be read', async () => {
    expect(await tried([every], {})).toBe('unknown: the file "map.csv" can not be read here');
    const bad = await given();
    expect(await tried(['Then every redirect in "bad.csv" should hold'], bad)).toMatch(
      /^unknown: bad.csv:1: the first line names the columns/,
    );
  });
});

test('redirects may stand in the feature', async () => {
  const lines = [
    'Then these redirects should hold:',
    '  | http://a.example/1 | https://b.example/1 | 302 |',
    '  | http://a.example/2 |                     | 410 |',
  ];
  const served = await given((request, answer) =>
    request.url === '/1'
      ? answer.writeHead(302, { location: 'https://b.example/1' }).end()
      : answer.writeHead(410).end(),
  );
  expect(await tried(lines, served)).toBe('passed');
  expect(await tried([...lines, '  | http://a.example/3 | | |'], served)).toBe('passed');
  expect(await tried([...lines, '  | http://a.example/4 | | 404 |'], served)).toMatch(/seen 410$/);
});

test('a map without errors passes, with its warnings counted', async () => {
  const lines = ['Then the redirect map "m.csv" should have no errors'];
  const file = (text: string) => ({ file: async () => `old,new\n${text}` });
  expect(await tried(lines, file('http://a.example/X,http://b.example\n'))).toBe('passed');
  expect(await tried(lines, file('ftp://a.example/x,http://b.example\n'))).toMatch(
    /^failed: expected no errors in m.csv; there are 1: 2:1 ftp:/,
  );
});

describe('following', () => {
  const chain =
    'old,new\nhttp://a.example/1,http://a.example/2\nhttp://a.example/2,http://a.example/3\n';
  const serve: RequestListener = (request, answer) => {
    const to = { '/1': '/2', '/2': '/3' }[request.url ?? ''];
    if (to === undefined) answer.writeHead(request.url === '/3' ? 200 : 404).end();
    else answer.writeHead(301, { location: `http://a.example${to}` }).end();
  };
  const lines = (last: string) => ['Given the redirect map "m.csv"', `Then ${last}`];

  test('counts redirects in a row', async () => {
    const file = { file: async () => chain };
    const two = lines('no redirect should chain more than 2 times');
    expect(await tried(two, await given(serve, file))).toBe('passed');
    const one = lines('no redirect should chain more than 1 time');
    expect(await tried(one, await given(serve, file))).toBe(
      'failed: 1 of 2 do not hold: line 2 http://a.example/1: an end after at most 1 redirects, ' +
        'seen after 1, http://a.example/2 answers 301 to http://a.example/3',
    );
  });

  test('ends where it leaves the hosts of the map', async () => {
    const file = { file: async () => `old,new\nhttp://a.example/9,http://nobody.invalid/\n` };
    const leaving: RequestListener = (_, answer) =>
      answer.writeHead(301, { location: 'http://nobody.invalid/' }).end();
    const one = lines('no redirect should chain more than 1 time');
    expect(await tried(one, await given(leaving, file))).toBe('passed');
  });

  test('asks each target once for 200', async () => {
    const asked: string[] = [];
    const counting: RequestListener = (request, answer) => {
      asked.push(request.url ?? '');
      serve(request, answer);
    };
    const file = { file: async () => `${chain}http://a.example/5,http://a.example/3\n` };
    const all = lines('every target should answer 200');
    expect(await tried(all, await given(counting, file))).toBe('passed');
    expect(asked.toSorted()).toEqual(['/2', '/3', '/3']);
    const missing = { file: async () => `${chain}http://a.example/5,http://a.example/4\n` };
    expect(await tried(all, await given(serve, missing))).toMatch(
      /line 4 http:\S+: 200 after at most 3 redirects, seen http:\/\/a.example\/4 answers 404$/,
    );
  });

  test('is about a map that was named', async () => {
    expect(await tried(['Then every target should answer 200'])).toBe(
      'unknown: no redirect map was named before this step',
    );
  });
});

describe('live addresses', () => {
  const lines = [
    'Given the redirect map "map.csv"',
    'Then no live URL from the last 7 days of access events should be missing from the map',
  ];
  const seen = (accesses: AccessSeen['accesses'], isComplete = true) => {
    const coverage = isComplete ? { isComplete } : { isComplete, why: 'it was silent' };
    const stream = { now: () => 1e9, accessed: async () => ({ accesses, coverage }) };
    // The step asks for nothing else.
    return { stream: stream as unknown as StreamQuestions };
  };
  const access = (url: string, status: number) => ({ url, status, hits: 3 });

  test('are all in the map', async () => {
    const accesses = [
      access('https://WWW0.example.org/0/page/', 200),
      access('http://www0.example.org/other', 404),
      access('http://elsewhere.example/x', 200),
    ];
    expect(await tried(lines, await given(undefined, seen(accesses)))).toBe('passed');
  });

  test('are not: which ones, and how often', async () => {
    const accesses = [access('http://www0.example.org/other', 200)];
    expect(await tried(lines, await given(undefined, seen(accesses, false)))).toBe(
      'failed: of what is live, 1 not in the map: http://www0.example.org/other (3)',
    );
  });

  test('are unknown with a gap, and without a server', async () => {
    expect(await tried(lines, await given(undefined, seen([], false)))).toBe(
      'unknown: access events have a gap: it was silent',
    );
    expect(await tried(lines, await given())).toMatch(/^unknown: access is not known here/);
  });
});
