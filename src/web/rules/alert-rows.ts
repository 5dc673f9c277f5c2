import type { AlertDifference, Backtest, Episode } from '../../rules/backtest/result.ts';

type Key = Episode['key'];

/** Which side raised an alert, or how both did. */
export type Side = 'only candidate' | 'only live' | 'differs' | 'same' | 'candidate';

/** One alert of a backtest, as it is on one side or on both. */
export interface AlertRow {
  readonly side: Side;
  readonly rule: string;
  readonly key: string;
  /** Its labels, where they are known by name. */
  readonly labels: Key;
  readonly title: string;
  readonly candidate: Span | undefined;
  readonly live: Span | undefined;
}

type Span = Pick<Episode, 'from' | 'to' | 'severity'>;

/** Every alert of both sides once, those that differ first, then by time. */
export function alertRows(result: Backtest): readonly AlertRow[] {
  const { against } = result;
  if (!against) return result.alerts.map((one) => rowOf(one, 'candidate', one));
  const labels = new Map(
    [...result.alerts, ...against.alerts].map((one) => [
      `${one.rule}\0${keyText(one.key)}`,
      one.key,
    ]),
  );
  const different = against.difference.alerts.map((one) => differenceRow(one, labels));
  const told = new Set(
    different.flatMap(({ rule, key, candidate }) =>
      candidate ? [`${rule}\0${key}\0${candidate.from}`] : [],
    ),
  );
  const same = result.alerts
    .filter((one) => !told.has(`${one.rule}\0${keyText(one.key)}\0${one.from}`))
    .map((one) => rowOf(one, 'same', one));
  return [...different, ...same];
}

function rowOf(one: Episode, side: Side, candidate: Span): AlertRow {
  const { rule, key, title } = one;
  return {
    side,
    rule,
    key: keyText(key),
    labels: key,
    title,
    candidate,
    live: side === 'same' ? candidate : undefined,
  };
}

function differenceRow(one: AlertDifference, labels: ReadonlyMap<string, Key>): AlertRow {
  const { rule, key, candidate, live } = one;
  return {
    side: candidate && live ? 'differs' : candidate ? 'only candidate' : 'only live',
    rule,
    key,
    labels: labels.get(`${rule}\0${key}`) ?? {},
    title: (candidate ?? live)?.title ?? '',
    candidate,
    live,
  };
}

/** As the server writes keys: values joined by `,`, with `\` before `,` and `\`; `-` without any. */
export function keyText(key: Key): string {
  const values = Object.values(key);
  if (values.length === 0) return '-';
  return values.map((value) => value.replaceAll(/[\\,]/g, String.raw`\$&`)).join(',');
}
