import type { FileResult } from './test-run.ts';
import type { TestResult } from './test-messages.ts';
import { shownPath } from './backtest-here.ts';
import { lineOf } from '../../server/rules/backtest/errors.ts';
import { xmlText } from '../../checks/formats/xml.ts';

/**
 * The results in the XML that JUnit's Ant task once wrote and CI systems read: a suite for each
 * file, a case for each test, times in seconds.
 */
export function junitXml(files: readonly FileResult[]): string {
  const suites = files.map(suite);
  const sum = (of: (one: Suite) => number): number => suites.reduce((all, one) => all + of(one), 0);
  const counts = `tests="${sum((one) => one.tests)}" failures="${sum((one) => one.failures)}"`;
  const ms = files.reduce((all, file) => all + file.ms, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="territory rules" ${counts} time="${seconds(ms)}">`,
    ...suites.flatMap((one) => one.lines),
    '</testsuites>',
    '',
  ].join('\n');
}

interface Suite {
  readonly tests: number;
  readonly failures: number;
  readonly lines: readonly string[];
}

function suite({ file, problems, tests, ms }: FileResult): Suite {
  const name = shownPath(file);
  const cases: readonly TestResult[] =
    problems.length === 0
      ? tests
      : [{ ms, failure: { message: problems.map((one) => lineOf(one)).join('\n') } }];
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  return {
    tests: cases.length,
    failures,
    lines: [
      `  <testsuite name="${xmlText(name)}" tests="${cases.length}" failures="${failures}" time="${seconds(ms)}">`,
      ...cases.flatMap((one) => testCase(one, name)),
      '  </testsuite>',
    ],
  };
}

function testCase({ name, ms, failure }: TestResult, file: string): readonly string[] {
  const head = `    <testcase classname="${xmlText(file)}" name="${xmlText(name ?? file)}" time="${seconds(ms)}"`;
  if (!failure) return [`${head}/>`];
  const { message, place, stack } = failure;
  const text = place ? lineOf({ ...place, file: shownPath(place.file), message }) : message;
  return [
    `${head}>`,
    `      <failure message="${xmlText(text.split('\n')[0] ?? '')}">${xmlText([text, stack].filter(Boolean).join('\n'))}</failure>`,
    '    </testcase>',
  ];
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);
