import { parseWhere } from '../../../event/where/parse.ts';
import type { History, QueryLimits, SeriesQuery } from '../../../history/history.ts';
import type { Found } from '../../../rooms/map/sli/judge.ts';
import { asOverWindow, rangeNow, rangeThen, type TimeRange } from '../../../rooms/map/sli/past.ts';
import { type Past, pastsOf, type SliPlan, timeUnitOf } from '../../../rooms/map/sli/plan.ts';
import type { HistoryDesk } from '../../parts.ts';

/** Units of one measure that are told apart; more are as good as several. */
const maxUnits = 5;
/** Numbers of whole hours of the past that are remembered: they do not change any more. */
const maxRemembered = 1_000;

/** What Territory says itself; whatever else comes shows that events get here. */
const fromOutside = parseWhere('source != "/territory" and not source =~ "territory/%"');

interface Measured {
  readonly value: number | null;
  readonly units: readonly string[];
}

/** Asks history for what a plan needs to be judged. */
export class SliAsker {
  readonly #desk: HistoryDesk;
  readonly #remembered = new Map<string, number>();
  /** Questions that history was asked. */
  asked = 0;

  constructor(desk: HistoryDesk) {
    this.#desk = desk;
  }

  /** `end` of the window in ms since the epoch. Throws TERR_API_NO_HISTORY, TERR_HISTORY_…. */
  async find(plan: SliPlan, end: number, signal: AbortSignal): Promise<Found> {
    const range = rangeNow(plan, end);
    const { value, units } = await this.#measure(plan, range, signal);
    const past = new Map<Past, number | null>();
    // One after the other: the map is not the only one that asks history.
    for (const one of value === null && !plan.orZero ? [] : pastsOf(plan))
      // oxlint-disable-next-line no-await-in-loop
      past.set(one, await this.#then(plan, { past: one, end }, signal));
    const othersCame = value === null && plan.orZero && (await this.#othersCame(range, signal));
    return { value, units, past, othersCame };
  }

  async #then(
    plan: SliPlan,
    { past, end }: { readonly past: Past; readonly end: number },
    signal: AbortSignal,
  ): Promise<number | null> {
    const range = rangeThen(plan, past, end);
    const isWholeHour = past.startsWith('same hour');
    const key = JSON.stringify([plan.text, past, range.from]);
    const known = isWholeHour ? this.#remembered.get(key) : undefined;
    if (known !== undefined) return known;
    const { value } = await this.#measure(plan, range, signal);
    const then = asOverWindow(plan, value, range);
    if (isWholeHour && then !== null) this.#remember(key, then);
    return then;
  }

  #remember(key: string, value: number): void {
    this.#remembered.set(key, value);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > maxRemembered && oldest !== undefined)
      this.#remembered.delete(oldest);
  }

  async #measure(plan: SliPlan, range: TimeRange, signal: AbortSignal): Promise<Measured> {
    const { where, ratio, aggregate } = plan;
    const inTime = timeUnitOf(plan) !== undefined;
    const by = inTime ? ['unit'] : [];
    const query = { ...range, where, aggregate, by, top: maxUnits, ...(ratio && { ratio }) };
    const { total, matched, series } = await this.#ask(query, signal);
    // The number of nothing is 0 to history; here it is no data.
    const value = matched === 0 ? null : total;
    return { value, units: inTime ? series.map(({ labels }) => labels['unit'] ?? '') : [] };
  }

  async #othersCame(range: TimeRange, signal: AbortSignal): Promise<boolean> {
    const query = { ...range, where: fromOutside, aggregate: 'count', by: [], top: 1 } as const;
    return (await this.#ask(query, signal)).matched > 0;
  }

  #ask(query: SeriesQuery, signal: AbortSignal) {
    this.asked++;
    return this.#desk.ask(
      (history: History, limits: QueryLimits) => history.series(query, limits),
      signal,
    );
  }
}
