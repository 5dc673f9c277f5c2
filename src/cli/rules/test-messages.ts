import type { LoadableFile } from '../../server/rules/backtest/messages.ts';
import type { FileProblem } from '../../server/rules/loading/compile.ts';

/** One test file, to be run in a thread of its own. */
export interface TestThreadStart {
  readonly test: LoadableFile;
  /** The rule files that it may name in `world()`. */
  readonly rules: readonly LoadableFile[];
}

/** Why a test failed. */
export interface TestFailure {
  readonly message: string;
  /** Where in the test or rule file; undefined when that is not known. */
  readonly place?: Omit<FileProblem, 'message'>;
  readonly stack?: string;
}

/** One test that was run. */
export interface TestResult {
  /** Undefined: the script of the file itself. */
  readonly name?: string;
  readonly ms: number;
  readonly failure?: TestFailure;
}

export type FromTestThread =
  | { readonly kind: 'begins'; readonly name: string }
  | { readonly kind: 'done'; readonly result: TestResult }
  | { readonly kind: 'end' };
