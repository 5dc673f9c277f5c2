import { ruleError } from '../errors.ts';

/** A test that has a name; a failure is what it throws. */
export interface NamedTest {
  readonly name: string;
  readonly run: () => void | Promise<void>;
}

// On the global object for the reason that `language/collect.ts` gives.
const place = Symbol.for('territory.rules.tests');

interface Collecting {
  [place]?: NamedTest[] | undefined;
}

/**
 * Names a part of a test file: it runs after the file was read, in order, and its failure (what it
 * throws) does not keep the others from running. Throws TERR_RULE_OUTSIDE elsewhere than under
 * `territory rules test`.
 */
export function test(name: string, run: () => void | Promise<void>): void {
  const tests = (globalThis as Collecting)[place];
  if (!tests)
    throw ruleError(
      'OUTSIDE',
      `test("${name}") works under \`territory rules test\`, while the file is read`,
    );
  if (tests.some((other) => other.name === name))
    throw ruleError('DUPLICATE', `there is a test "${name}" already: give it another name`);
  tests.push({ name, run });
}

/** Runs `load`, and answers the tests that it named. Throws what `load` throws. */
export async function collectTests(load: () => unknown): Promise<readonly NamedTest[]> {
  const tests: NamedTest[] = [];
  (globalThis as Collecting)[place] = tests;
  try {
    await load();
  } finally {
    (globalThis as Collecting)[place] = undefined;
  }
  return tests;
}
