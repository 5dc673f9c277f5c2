/** One number about Territory, as a reading `territory.…` and as a metric `territory_…`. */
export interface Measure {
  /** With dots, in the unit that it ends in. */
  readonly name: string;
  readonly help: string;
  /** A counter only grows, from 0 at the start. */
  readonly kind: 'counter' | 'gauge';
  /** Its readings are left out while it stands still, which is nearly always. */
  readonly rare?: boolean;
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

type Labels = Readonly<Record<string, string>>;

export function counter(name: string, help: string, value: number, labels?: Labels): Measure {
  return { name, help, kind: 'counter', value, ...(labels ? { labels } : {}) };
}

export function gauge(name: string, help: string, value: number, labels?: Labels): Measure {
  return { name, help, kind: 'gauge', value, ...(labels ? { labels } : {}) };
}
