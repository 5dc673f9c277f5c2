import { setImmediate as turn } from 'node:timers/promises';
import type { Draft } from '../../../event/event.ts';
import { type Decoded, isRefused } from '../../decoded.ts';
import { intakeErrors } from '../../errors.ts';
import { exemplarOf } from '../exemplar.ts';
import { type Series, seriesOf } from '../series.ts';
import { withValue } from '../value.ts';
import { Exposition, type Sample } from './exposition.ts';
import type { Page } from './get.ts';
import { LineProblem, readExemplar, readSeries } from './line.ts';
import { type Target, withTarget } from './target.ts';

/** What one scrape has come to. */
export interface Scraped {
  readonly events: readonly Decoded[];
  /** Why the target counts as down. */
  readonly failure: Error | undefined;
}

interface Seen {
  readonly series: Series;
  exemplar: string | undefined;
  /** Pages with times of their own are not taken to end when they leave something out. */
  readonly timed: boolean;
}

/** Lines between two looks at what else there is to do. */
const step = 2_000;
/** A reading is stale when this many intervals have brought no other. */
const staleAfter = 2;

/** One target over time: what it says, and which of its series have ended. */
export class Scraping {
  readonly #target: Target;
  readonly #maxSeries: number;
  /** By their text on the page, so that labels are read once. */
  #texts = new Map<string, Series>();
  #declared: readonly string[] = [];
  /** By the identity of the series. */
  #seen = new Map<string, Seen>();

  constructor(target: Target, maxSeries: number) {
    this.#target = target;
    this.#maxSeries = maxSeries;
  }

  /** `now`: when it was asked, ms. `page`: what it gave, or why nothing. Never rejects. */
  async take(now: number, page: () => Promise<Page>, elapsed: () => number): Promise<Scraped> {
    let events: Decoded[] = [];
    let seen = new Map<string, Seen>();
    let samples = 0;
    let failure: Error | undefined;
    try {
      const { body, openMetrics } = await page();
      const read = new PageReading(
        new Exposition(body, openMetrics, this.#declared),
        this.#context(now),
      );
      await read.all();
      ({ events, seen, samples } = read);
      this.#texts = read.texts;
      this.#declared = read.declared;
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
    for (const [hash, { series, timed }] of this.#seen)
      if (!seen.has(hash) && !timed) events.push({ ...series.base, time: now, state: 'expired' });
    this.#seen = seen;
    events.push(...this.#about(now, { seconds: elapsed() / 1000, samples, failure }));
    return { events, failure };
  }

  #context(now: number): ReadingContext {
    return {
      now,
      target: this.#target,
      maxSeries: this.#maxSeries,
      ttl: this.#ttl,
      texts: this.#texts,
      before: this.#seen,
    };
  }

  get #ttl(): number {
    return Math.max(1, Math.ceil((staleAfter * this.#target.intervalMs) / 1000));
  }

  /** What Prometheus says of each scrape, under the same names. */
  #about(time: number, result: About): Draft[] {
    const { seconds, samples, failure } = result;
    const reading = (name: string, metric: number): Draft => {
      const labels = withTarget([['__name__', name]], this.#target);
      const series = seriesOf(labels, { family: 'gauge' });
      const base = typeof series === 'string' ? { type: 'metric', name } : series.base;
      return { ...base, time, metric, ttl: this.#ttl };
    };
    const up = reading('up', failure === undefined ? 1 : 0);
    return [
      failure === undefined
        ? { ...up, state: 'ok' }
        : { ...up, state: 'critical', data: failure.message },
      reading('scrape_duration_seconds', seconds),
      reading('scrape_samples_scraped', samples),
    ];
  }
}

interface About {
  readonly seconds: number;
  readonly samples: number;
  readonly failure: Error | undefined;
}

interface ReadingContext {
  readonly now: number;
  readonly target: Target;
  readonly maxSeries: number;
  /** s. */
  readonly ttl: number;
  readonly texts: ReadonlyMap<string, Series>;
  readonly before: ReadonlyMap<string, Seen>;
}

/** One page while it is read. */
class PageReading {
  readonly events: Decoded[] = [];
  readonly seen = new Map<string, Seen>();
  readonly texts = new Map<string, Series>();
  samples = 0;
  readonly #page: Exposition;
  readonly #context: ReadingContext;

  constructor(page: Exposition, context: ReadingContext) {
    this.#page = page;
    this.#context = context;
  }

  get declared(): readonly string[] {
    return this.#page.declared;
  }

  /** Throws when the page is of no use. */
  async all(): Promise<void> {
    const { maxSeries } = this.#context;
    let lines = 0;
    for (const one of this.#page.read()) {
      if ('refused' in one) this.events.push(one);
      else if (!this.#page.isCreated(one.series)) this.#take(one);
      if (this.samples > maxSeries) throw tooMany(maxSeries);
      // oxlint-disable-next-line no-await-in-loop -- so that a long page does not hold others up
      if (++lines % step === 0) await turn();
    }
  }

  #take(sample: Sample): void {
    this.samples++;
    const series = this.#seriesOf(sample);
    if (isRefused(series)) {
      this.events.push(series);
      return;
    }
    if (this.seen.has(series.hash)) {
      const problem = { column: 1, message: 'the same series stands above' };
      this.events.push(this.#page.refuse(sample.line, problem, sample.series));
      return;
    }
    const { now, ttl, before } = this.#context;
    const { value, time = now, exemplar = before.get(series.hash)?.exemplar } = sample;
    this.seen.set(series.hash, { series, exemplar, timed: sample.time !== undefined });
    this.events.push(withValue({ ...series.base, time, ttl }, value));
    // Pages repeat an exemplar until there is another.
    if (exemplar !== undefined && exemplar !== before.get(series.hash)?.exemplar)
      this.#exemplar(sample, series, exemplar);
  }

  #exemplar(sample: Sample, series: Series, text: string): void {
    try {
      const { labels, value, time = this.#context.now } = readExemplar(text);
      this.events.push({ ...exemplarOf(series, labels, value), time });
    } catch (error) {
      if (!(error instanceof LineProblem)) throw error;
      const message = `in the exemplar, ${error.message}`;
      this.events.push(this.#page.refuse(sample.line, { column: error.column, message }, text));
    }
  }

  #seriesOf({ series: text, line }: Sample): Series | ReturnType<Exposition['refuse']> {
    const { texts, target } = this.#context;
    const known = this.texts.get(text) ?? (this.#page.unchanged ? texts.get(text) : undefined);
    const series = known ?? this.#newSeries(text, target);
    if (series instanceof LineProblem) return this.#page.refuse(line, series, text);
    this.texts.set(text, series);
    return series;
  }

  #newSeries(text: string, target: Target): Series | LineProblem {
    try {
      const labels = readSeries(text);
      const name = labels.find(([label]) => label === '__name__')?.[1] ?? '';
      const series = seriesOf(withTarget(labels, target), this.#page.about(name));
      return typeof series === 'string' ? new LineProblem(1, series) : series;
    } catch (error) {
      if (error instanceof LineProblem) return error;
      throw error;
    }
  }
}

function tooMany(limit: number): Error {
  const message = `The endpoint has more than ${limit} series (intakes.scrape.maxSeries).`;
  return intakeErrors('KEYS', message);
}
