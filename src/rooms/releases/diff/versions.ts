/**
 * Less than 0 when `a` comes before `b` in the order of Semantic Versioning 2.0.0, clause 11; what
 * is no semantic version comes first, in the order of its text.
 */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [parse(a), parse(b)];
  if (!x || !y) return x ? 1 : y ? -1 : compareText(a, b);
  return inTurn(x.core, y.core, compareNumbers) || comparePrereleases(x.pre, y.pre);
}

/** A version with a prerelease comes before the one without. */
function comparePrereleases(x: readonly string[], y: readonly string[]): number {
  if (x.length === 0 || y.length === 0) return y.length - x.length;
  return inTurn(x, y, compareIdentifiers) || x.length - y.length;
}

/** The first difference among the parts that both have. */
function inTurn(
  x: readonly string[],
  y: readonly string[],
  compare: (a: string, b: string) => number,
): number {
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const order = compare(x[i] ?? '', y[i] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

const form = /^[v=]?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

function parse(text: string): { core: string[]; pre: string[] } | undefined {
  const [, major, minor, patch, pre] = form.exec(text.trim()) ?? [];
  if (major === undefined || minor === undefined || patch === undefined) return undefined;
  return { core: [major, minor, patch], pre: pre === undefined ? [] : pre.split('.') };
}

function compareIdentifiers(p: string, q: string): number {
  const [a, b] = [/^\d+$/.test(p), /^\d+$/.test(q)];
  if (a && b) return compareNumbers(p, q);
  if (a !== b) return a ? -1 : 1;
  return compareText(p, q);
}

/** Of any length: dates with a time are too large for a number. */
function compareNumbers(p: string, q: string): number {
  const [a, b] = [p.replace(/^0+(?=\d)/, ''), q.replace(/^0+(?=\d)/, '')];
  return a.length - b.length || compareText(a, b);
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
