/** One of several tests of one change. */
export interface Test {
  /** 0 to 1. */
  readonly p: number;
  /** A business metric or an error rate: what people deploy for, and what they fear. */
  readonly first: boolean;
}

/**
 * The smallest rate of false discoveries at which each test would count as found, in the order
 * given: Benjamini and Hochberg (1995) with weights (Genovese, Roeder and Wasserman 2006), which
 * keeps their bound. Half of the weight goes to the tests that come `first`, however few they are,
 * so that fifty other metrics do not drown the error rate; where they are half of all or more, or
 * none, all weigh the same.
 */
export function falseDiscovery(tests: readonly Test[]): number[] {
  const all = tests.length;
  const first = tests.filter((test) => test.first).length;
  const isSplit = first > 0 && first < all / 2;
  const weightOf = (test: Test): number =>
    isSplit ? all / 2 / (test.first ? first : all - first) : 1;
  const order = tests
    .map((test, index) => ({ index, p: test.p / weightOf(test) }))
    .sort((a, b) => b.p - a.p);
  const answer = tests.map(() => 1);
  let least = 1;
  for (const [i, { index, p }] of order.entries()) {
    least = Math.min(least, (p * all) / (all - i));
    answer[index] = least;
  }
  return answer;
}
