import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { register } from 'tsx/esm/api';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { vocabularyWith } from '../../checks/own/definition.ts';
import { planOfTexts } from '../../checks/run/load.ts';
import { outboundOf } from '../../checks/run/outbound.ts';
import { runScenario } from '../../checks/run/scenario.ts';
import { loadOwnSteps } from './load.ts';

// Files import the language as it runs here; from sources.
const unregister = register();
afterAll(unregister);

let folder: string;
const server = createServer((asked, answer) => {
  answer.end(JSON.stringify({ path: asked.url, items: [1, 2] }));
});
let base: string;
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'territory-steps-'));
  mkdirSync(join(folder, 'steps'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string): void =>
  writeFileSync(join(folder, 'steps', name), text);
const load = async () => loadOwnSteps(join(folder, 'steps'), join(folder, 'out'));
const told = async (): Promise<string[]> =>
  (await load()).findings.map(
    ({ file, line, column, message }) =>
      `${file.replace(`${folder}/steps/`, '')}:${line}:${column}: ${message}`,
  );

/** A file with a step whose code is given. */
const basket = (code: string, over: Readonly<Record<string, string>> = {}): string => {
  const all = {
    expression: "'the basket has {int} item(s)'",
    kind: "'assertion'",
    about: "'Asks the shop for the basket.'",
    example: "'Then the basket has 2 items'",
    run: `async (scenario, given) => { ${code} }`,
    ...over,
  };
  const fields = Object.entries(all).map(([name, text]) => `  ${name}: ${text},\n`);
  return `import { fail, step, unknown } from 'territory/checks';\nstep({\n${fields.join('')}});\nvoid [fail, unknown];\n`;
};

const asks = `const { body } = await scenario.request('/basket');
  const { items } = JSON.parse(body) as { items: unknown[] };
  scenario.measured('items', items.length, { critical: 10 });
  if (items.length !== given.number(0)) fail('it has ' + items.length);`;

async function run(line: string) {
  const { steps, findings } = await load();
  expect(findings).toEqual([]);
  const text = `Feature: f\n  Scenario: s\n    ${line}\n`;
  const { plan } = planOfTexts([{ file: 'f.feature', text }], vocabularyWith(steps));
  expect(plan.findings).toEqual([]);
  const [planned] = plan.scenarios;
  if (!planned) throw new Error('no scenario');
  const outbound = outboundOf([base.slice('http://'.length)]);
  return runScenario(
    planned,
    { base, outbound, secret: () => undefined },
    new AbortController().signal,
  );
}

test('a step in TypeScript asks, measures and says what it saw', async () => {
  write('basket.ts', basket(asks));
  expect(await run('Then the basket has 2 items')).toMatchObject({
    state: 'passed',
    performance: [{ label: 'items', value: 2, unit: '', critical: 10 }],
  });
  expect(await run('Then the basket has 3 items')).toMatchObject({
    state: 'failed',
    failure: { kind: 'assertion', message: 'it has 2' },
  });
});

test('a file that was saved is what runs next', async () => {
  write('basket.ts', basket(`fail('before');`));
  expect((await run('Then the basket has 2 items')).failure?.message).toBe('before');
  write('basket.ts', basket(`fail('after');`));
  expect((await run('Then the basket has 2 items')).failure?.message).toBe('after');
});

test('what its code throws is no failure of what is tested, and has its place', async () => {
  write('basket.ts', basket(`const nothing = JSON.parse('{}') as any;\n  nothing.items.length;`));
  expect(await run('Then the basket has 2 items')).toMatchObject({
    state: 'unknown',
    failure: { message: expect.stringMatching(/^basket\.ts:8:17: Cannot read properties/) },
  });
});

test('its requests go nowhere but where the others may', async () => {
  write('basket.ts', basket(`await scenario.request('http://127.0.0.1:1/');`));
  expect(await run('Then the basket has 2 items')).toMatchObject({
    state: 'unknown',
    failure: { message: '127.0.0.1 port 1 is not public, and is not allowed here' },
  });
});

test.each([
  [{ kind: "'asertion'" }, /^a\.ts:4:3: Type '"asertion"' is not assignable/],
  [
    { expression: "'the basket has {nothing} items'" },
    /^a\.ts:2:1: .*no cucumber expression: .*Undefined parameter type/s,
  ],
  [{ about: "''" }, /^a\.ts:2:1: .* says nothing of what it does/],
  [{ example: "'Then the bag has 2 items'" }, /^a\.ts:2:1: the example .* is not of the step/],
  [
    { expression: "'I visit {string}'", example: `'When I visit "/"'` },
    /^a\.ts:2:1: the example .* means another step, too: I visit\/request \{string\}/,
  ],
  [
    { expression: "'I should see {string}'", example: `'Then I should see "x"'` },
    /^a\.ts:2:1: the step "I should see \{string\}" is one of Territory's own/,
  ],
])('%j is told with its place', async (over, message) => {
  write('a.ts', basket('', over));
  expect((await told())[0]).toMatch(message);
});

test('one wrong file, and no step is used', async () => {
  write('a.ts', basket(asks));
  write('b.ts', "throw new Error('not today');\n");
  expect(await told()).toEqual(['b.ts:1:7: not today']);
  expect((await load()).steps).toEqual([]);
});

test('the same step in two files', async () => {
  write('a.ts', basket(asks));
  write('b.ts', basket(asks));
  expect((await told())[0]).toContain('is declared twice');
});

test('a folder that is not there has no steps', async () => {
  expect(await loadOwnSteps(join(folder, 'none'), join(folder, 'out'))).toEqual({
    steps: [],
    findings: [],
  });
});
