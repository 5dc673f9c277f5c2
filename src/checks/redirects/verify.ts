import { Unknown } from '../run/failed.ts';
import { hostsOf, placesBy } from './address.ts';
import { type AskOptions, Asking, type Head, NoAnswer } from './ask.ts';
import { type Mapping, leads } from './map.ts';

export interface VerifyOptions extends AskOptions {
  /** Where the map's hosts are asked for; undefined: each at its own address. */
  readonly base: string | undefined;
  /** Requests under way at once; 64 at a base, 16 at own addresses. */
  readonly atOnce?: number;
  /** Rows that are told one by one; the others are counted. */
  readonly most?: number;
  readonly onProgress?: (done: number, wrong: number) => void;
}

/** A row that does not hold. */
export interface Wrong {
  readonly row: Mapping;
  readonly expected: string;
  readonly seen: string;
}

/** What was seen of every row. */
export interface Verified {
  readonly total: number;
  readonly ok: number;
  readonly wrong: number;
  /** Rows that may not be asked for from here: whether they hold is unknown. */
  readonly unknown: number;
  /** Why, of the first. */
  readonly why: string | undefined;
  /** Answers by their status; '' where there was none. */
  readonly byStatus: Readonly<Record<string, number>>;
  /** The first `most` by their place in the map. */
  readonly rows: readonly Wrong[];
  readonly seconds: number;
}

/** How rows are asked for, and what holds. */
export type Judge = (row: Mapping) => Promise<{ readonly status: string; readonly wrong?: Wrong }>;

const told = 1000;

/**
 * Asks for every row, and compares the status, and of a redirect where it leads. Rejects only when
 * it is stopped.
 */
export async function verify(rows: readonly Mapping[], options: VerifyOptions): Promise<Verified> {
  const placeOf = placesBy(options.base, hostsOf(old(rows)));
  const asking = new Asking(options);
  const judge: Judge = async (row) => {
    const place = placeOf(row.old);
    const expected = expectedOf(row);
    if (!place) return { status: '', wrong: { row, expected, seen: 'no address of HTTP' } };
    const head = await asking.head(place);
    const status = String(head.status);
    if (holds(row, head)) return { status };
    return { status, wrong: { row, expected, seen: shownHead(head) } };
  };
  try {
    return await judgeAll(rows, judge, options);
  } finally {
    await asking.close();
  }
}

function* old(rows: readonly Mapping[]): Iterable<string> {
  for (const row of rows) yield row.old;
}

const expectedOf = ({ status, to }: Mapping): string =>
  leads(status) ? `${status} to ${to}` : String(status);

const shownHead = ({ status, location }: Head): string =>
  location === undefined ? String(status) : `${status} to ${location}`;

/** Whether an answer is what a row says. */
function holds({ old: from, to, status }: Mapping, head: Head): boolean {
  if (head.status !== status) return false;
  if (!leads(status) || head.location === to) return true;
  return head.location !== undefined && isSame(head.location, to, from);
}

/** A location may be relative, and written in another way; the same address is the same. */
function isSame(location: string, to: string, from: string): boolean {
  if (!URL.canParse(location, from) || !URL.canParse(to)) return false;
  return new URL(location, from).href === new URL(to).href;
}

/** Judges all rows, some at once, and counts. */
export async function judgeAll(
  rows: readonly Mapping[],
  judge: Judge,
  { base, signal, onProgress, most = told, ...options }: VerifyOptions,
): Promise<Verified> {
  const { atOnce = base === undefined ? 16 : 64 } = options;
  const started = performance.now();
  const counts = { ok: 0, wrong: 0, unknown: 0 };
  const byStatus: Record<string, number> = {};
  const found: { readonly at: number; readonly wrong: Wrong }[] = [];
  let why: string | undefined;
  let next = 0;
  const one = async (at: number, row: Mapping): Promise<void> => {
    const { status, wrong, unknown } = await judged(row, judge, signal);
    byStatus[status] = (byStatus[status] ?? 0) + 1;
    if (unknown !== undefined) {
      counts.unknown++;
      why ??= unknown;
    } else if (wrong) {
      counts.wrong++;
      // In the order of the answers they would be others each time.
      found.push({ at, wrong });
      if (found.length >= 2 * most) firsts(found, most);
    } else counts.ok++;
    const done = counts.ok + counts.wrong + counts.unknown;
    if (onProgress && done % 256 === 0) onProgress(done, counts.wrong);
  };
  const lane = async (): Promise<void> => {
    for (let at = next++; at < rows.length; at = next++) {
      const row = rows[at];
      // oxlint-disable-next-line no-await-in-loop -- the lanes are side by side
      if (row) await one(at, row);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, rows.length) }, lane));
  onProgress?.(rows.length, counts.wrong);
  firsts(found, most);
  const seconds = (performance.now() - started) / 1000;
  const wrongRows = found.map(({ wrong }) => wrong);
  return { total: rows.length, ...counts, why, byStatus, rows: wrongRows, seconds };
}

function firsts(found: { readonly at: number }[], most: number): void {
  found.sort((a, b) => a.at - b.at);
  found.length = Math.min(found.length, most);
}

async function judged(
  row: Mapping,
  judge: Judge,
  signal: AbortSignal,
): Promise<Awaited<ReturnType<Judge>> & { readonly unknown?: string }> {
  try {
    return await judge(row);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Unknown) return { status: '', unknown: error.message };
    if (!(error instanceof NoAnswer)) throw error;
    return { status: '', wrong: { row, expected: expectedOf(row), seen: error.message } };
  }
}
