import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Envelope, parseEnvelope } from '@cucumber/messages';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportAs } from './reports.suite.ts';

const vectors = join(import.meta.dirname, '../../../test/vectors/reports');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'territory-formats-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('progress: a letter each, and what was wrong with its place', async () => {
  expect(await reportAs('progress')).toMatchInlineSnapshot(`
    ".FWU..

    ✗ failed: it is shut  features/shop.feature:8
        it does not hold  features/shop.feature:9
          expected "<a>" & more; it is
          "b"\\u0007
          last answer: 500 of https://x.example/

    ! warning: it is slow  features/shop.feature:13
        it does not hold  features/shop.feature:14
          expected "<a>" & more; it is
          "b"\\u0007
          last answer: 500 of https://x.example/

    ? unknown: Ann comes in  features/shop.feature:22
        it can not be seen  features/shop.feature:18
          there is no secret "KEY" here
          last answer: 500 of https://x.example/

    - only there: @env: it is for production

    7 scenarios: 3 passed, 1 with a warning, 1 failed, 1 unknown, 1 not for here (1.500 s)
    "
  `);
});

test('pretty: every scenario with its steps', async () => {
  expect(await reportAs('pretty')).toMatchInlineSnapshot(`
    "- only there: @env: it is for production

    Feature: The shop  features/shop.feature
      ✓ it is open  0.500 s  features/shop.feature:5
        ✓ it holds  0.250 s
        ✓ 2 is "two"  0.250 s
      ✗ it is shut  0.500 s  features/shop.feature:8
        ✓ it holds  0.250 s
        ✗ it does not hold  0.250 s
            expected "<a>" & more; it is
            "b"\\u0007
        - it holds
      ! it is slow  0.500 s  features/shop.feature:13
        ✓ it holds  0.250 s
        ✗ it does not hold  0.250 s
            expected "<a>" & more; it is
            "b"\\u0007
      ? Ann comes in  0.500 s  features/shop.feature:22
        ✓ it holds  0.250 s
        ? it can not be seen  0.250 s
            there is no secret "KEY" here

    Feature: The basket  features/basket.feature.md
      ✓ filling it  0.500 s  features/basket.feature.md:3
        ✓ it holds:  0.250 s
      ✓ emptying it  0.500 s, 2 attempts  features/basket.feature.md:10
        ✓ it holds the second time  0.250 s

    7 scenarios: 3 passed, 1 with a warning, 1 failed, 1 unknown, 1 not for here (1.500 s)
    "
  `);
});

test('JUnit: what failed is a failure, what could not be seen an error, the rest is told', async () => {
  expect(await reportAs('junit')).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="territory test" tests="7" failures="1" errors="1" time="1.500">
      <testsuite name="The shop" tests="5" failures="1" errors="1" skipped="1" time="2.000" timestamp="2026-05-01T12:00:00">
        <testcase classname="features/shop.feature" name="it is open" time="0.500"/>
        <testcase classname="features/shop.feature" name="it is shut" time="0.500">
          <failure type="assertion" message="it does not hold: expected &quot;&lt;a&gt;&quot; &amp; more; it is">features/shop.feature:9: it does not hold: expected &quot;&lt;a&gt;&quot; &amp; more; it is&#10;&quot;b&quot;�&#10;&#10;passed: it holds&#10;failed: it does not hold&#10;skipped: it holds</failure>
        </testcase>
        <testcase classname="features/shop.feature" name="it is slow" time="0.500">
          <system-out>warning: it does not hold: expected &quot;&lt;a&gt;&quot; &amp; more; it is&#10;&quot;b&quot;�</system-out>
        </testcase>
        <testcase classname="features/shop.feature" name="Ann comes in" time="0.500">
          <error type="other" message="it can not be seen: there is no secret &quot;KEY&quot; here">features/shop.feature:18: it can not be seen: there is no secret &quot;KEY&quot; here&#10;&#10;passed: it holds&#10;unknown: it can not be seen</error>
        </testcase>
        <testcase classname="features/shop.feature" name="only there" time="0.000">
          <skipped message="@env: it is for production"/>
        </testcase>
      </testsuite>
      <testsuite name="The basket" tests="2" failures="0" errors="0" skipped="0" time="1.000" timestamp="2026-05-01T12:00:00">
        <testcase classname="features/basket.feature.md" name="filling it" time="0.500"/>
        <testcase classname="features/basket.feature.md" name="emptying it" time="0.500"/>
      </testsuite>
    </testsuites>
    "
  `);
});

const hasXmllint = spawnSync('xmllint', ['--version']).status === 0;
if (!hasXmllint) process.stdout.write('skipped: xmllint is not installed\n');

test.skipIf(!hasXmllint)("JUnit: Jenkins' own schema takes it", async () => {
  const file = join(folder, 'junit.xml');
  writeFileSync(file, await reportAs('junit'));
  const args = ['--noout', '--schema', join(vectors, 'junit-10.xsd'), file];
  expect(() => execFileSync('xmllint', args, { stdio: 'pipe' })).not.toThrow();
});

const envelopesOf = async (screenshot?: Uint8Array): Promise<readonly Envelope[]> =>
  (await reportAs('messages', screenshot))
    .trimEnd()
    .split('\n')
    .map((line) => parseEnvelope(line));

test("messages: each is valid by Cucumber's schema", async () => {
  const schema: unknown = JSON.parse(readFileSync(join(vectors, 'messages.schema.json'), 'utf8'));
  const isValid = new Ajv2020({ strict: false }).compile(schema as object);
  const wrong = (await envelopesOf(new Uint8Array([1, 2]))).filter((one) => !isValid(one));
  expect(wrong).toEqual([]);
});

/** What an envelope tells by an id, and what it names that was told before. */
const toldBy = ({ pickle, stepDefinition, testCase, testCaseStarted }: Envelope): string[] =>
  [
    pickle,
    ...(pickle?.steps ?? []),
    stepDefinition,
    testCase,
    ...(testCase?.testSteps ?? []),
    testCaseStarted,
  ].flatMap((one) => one?.id ?? []);
const namedBy = (one: Envelope): string[] =>
  [
    one.testCase?.pickleId,
    ...(one.testCase?.testSteps ?? []).flatMap((step) => [
      step.pickleStepId,
      ...(step.stepDefinitionIds ?? []),
    ]),
    one.testCaseStarted?.testCaseId,
    one.testStepFinished?.testStepId,
    one.testStepFinished?.testCaseStartedId,
    one.testCaseFinished?.testCaseStartedId,
  ].flatMap((id) => id ?? []);

test('messages: whatever is named was told before, and each attempt ends once', async () => {
  const all = await envelopesOf();
  const known = new Set<string>();
  const unknown = all.flatMap((one) => {
    const strange = namedBy(one).filter((id) => !known.has(id));
    for (const id of toldBy(one)) known.add(id);
    return strange;
  });
  expect(unknown).toEqual([]);
  const started = all.flatMap((one) => one.testCaseStarted?.id ?? []);
  const ended = all.flatMap((one) => one.testCaseFinished?.testCaseStartedId ?? []);
  expect(ended).toEqual(started);
});

test('messages: statuses of steps, attempts, and where values stand', async () => {
  const all = await envelopesOf();
  const attempts = all.flatMap(({ testCaseStarted }) => testCaseStarted ?? []);
  const statuses = attempts.map(({ id, attempt }) => [
    attempt,
    ...all.flatMap(({ testStepFinished }) =>
      testStepFinished?.testCaseStartedId === id ? [testStepFinished.testStepResult.status] : [],
    ),
  ]);
  expect(statuses).toEqual([
    [0, 'PASSED', 'PASSED'],
    [0, 'PASSED', 'FAILED', 'SKIPPED'],
    [0, 'PASSED', 'FAILED'],
    [0, 'PASSED', 'PENDING'],
    [0, 'PASSED'],
    [0, 'FAILED'],
    [1, 'PASSED'],
  ]);
  const [values] = all
    .flatMap(({ testCase }) => testCase?.testSteps[1]?.stepMatchArgumentsLists ?? [])
    .map(({ stepMatchArguments }) =>
      stepMatchArguments.map(({ group }) => [group.start, group.value]),
    );
  expect(values).toEqual([
    [0, '2'],
    [5, '"two"'],
  ]);
});

test.skipIf(!existsSync('/usr/bin/chromium'))(
  'HTML: a browser shows the scenarios, why they failed, and the picture',
  { timeout: 60_000 },
  async () => {
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu'],
    });
    try {
      const page = await browser.newPage();
      await page.setContent('<h1>What was seen</h1>');
      const file = join(folder, 'report.html');
      writeFileSync(file, await reportAs('html', await page.screenshot()));
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      await page.goto(pathToFileURL(file).href);
      await page.getByText('it is shut').first().waitFor();
      const text = await page.innerText('body');
      expect(text).toContain('The shop');
      expect(text).toContain('expected "<a>" & more; it is');
      expect(text).toContain('there is no secret "KEY" here');
      expect(
        await page.locator('img[src^="data:image/png"], img[src^="blob:"]').count(),
      ).toBeGreaterThan(0);
      expect(errors).toEqual([]);
    } finally {
      await browser.close();
    }
  },
);
