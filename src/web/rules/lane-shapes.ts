import type { Backtest, Episode, Outcome } from '../../rules/backtest/result.ts';

/** Decisions of one bucket. */
export interface Count {
  /** ms */
  readonly start: number;
  /** What goes back to the log is so much more that it is drawn by itself, and behind. */
  readonly kind: 'emit' | 'other';
  readonly count: number;
}

/** How many decisions there were in each bucket, over all rules; emitted ones only where nothing else was. */
export function countsIn(of: Outcome, { every }: Pick<Backtest, 'every'>): readonly Count[] {
  const emitted = new Map<number, number>();
  const other = new Map<number, number>();
  const add = (to: Map<number, number>, start: number, count: number): void => {
    if (count > 0) to.set(start, (to.get(start) ?? 0) + count);
  };
  for (const rule of of.rules)
    for (const [start, emit, ...rest] of rule.course) {
      const bucket = Math.floor(start / every) * every;
      add(emitted, bucket, emit);
      add(
        other,
        bucket,
        rest.reduce((sum, one) => sum + one, 0),
      );
    }
  const [shown, kind] = other.size > 0 ? ([other, 'other'] as const) : ([emitted, 'emit'] as const);
  return [...shown].map(([start, count]) => ({ start, kind, count }));
}

/** Alerts in rows such that no two of a row overlap; those that find no room are counted. */
export function stacked(
  alerts: readonly Episode[],
  { to }: Pick<Backtest, 'to'>,
  rowsAtMost: number,
): { readonly rows: readonly (readonly Episode[])[]; readonly hidden: number } {
  const rows: { end: number; alerts: Episode[] }[] = [];
  let hidden = 0;
  for (const alert of alerts.toSorted((a, b) => a.from - b.from)) {
    const end = alert.to ?? to;
    const free = rows.find((row) => row.end <= alert.from);
    if (free) {
      free.alerts.push(alert);
      free.end = end;
    } else if (rows.length < rowsAtMost) rows.push({ end, alerts: [alert] });
    else hidden++;
  }
  return { rows: rows.map((row) => row.alerts), hidden };
}
