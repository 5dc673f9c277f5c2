import type { Event } from '../../../event/event.ts';
import { formatDuration } from '../../../event/quantity.ts';
import { agree, namedKey } from '../../correlate/labels.ts';
import { looks, lookTime } from '../../correlate/looks.ts';
import { judgeTogether } from '../../correlate/many-metrics.ts';
import { median } from '../../correlate/mann-whitney.ts';
import type { Scope } from '../../engine/scope.ts';
import type { Operator, OperatorKind, Surroundings } from '../../engine/operator.ts';
import type { AlertHints } from '../alert.ts';
import { timeOf } from '../event-time.ts';
import { type Judging, judge, judgingOf } from './judge.ts';
import { emptyLedger, type Ledger, noteChange, noteFact, watch, type Watched } from './ledger.ts';
import { addReading, mostReadings, noReadings, pointsUntil, type Readings } from './readings.ts';
import { movedFields, type Said, verdictDraft } from './report.ts';

/** A move that did not go back for so long is how it is now, ms. */
const longest = 86_400_000;
/** So many keys are judged for one change: each takes about a millisecond. */
const mostTargets = 500;

/**
 * Whether a change moved a metric, exactly as `correlate/moved.ts` judges. `observe` is cut into 24
 * intervals aligned to the epoch; the mean of each is one reading. A change is looked at when a
 * third, two thirds and all of `observe` are over; all keys that it touches are judged together.
 *
 * What moved goes on as an event `critical`, with the median after the change as `metric`, and its
 * verdict as `details`; and an event `ok` follows once it is back, half-way or more, or has stayed so
 * for a day. Every last verdict is put on the log as a reading `change.verdict`, also that nothing
 * moved, that it moved at another time, and that it cannot be told.
 *
 * A reading of an interval that is over by the watermark is late. A change that comes late is
 * judged as if it had come in time. Keeps 2,048 to 2,304 intervals a key (three numbers each, up
 * to 55 KB) and for all keys 512 changes, 64 that are watched and 256 incidents, of which the oldest
 * give way; and judges at most 500 keys for one change, those first that it has known longest. A key
 * is forgotten once the last of its readings is as old as 2,048 intervals.
 */
export const moved: OperatorKind = {
  stateful: true,
  retention: (args) => judgingOf(args, []).width * mostReadings,
  label: ({ baseline, observe }) =>
    `${formatDuration(Number(baseline))} before, ${formatDuration(Number(observe))} after`,
  start: (ctx) => new MovedOperator(ctx),
};

class MovedOperator implements Operator {
  readonly #ctx: Surroundings;
  readonly #judging: Judging;
  /** So long a reading is of use, ms. */
  readonly #history: number;

  constructor(ctx: Surroundings) {
    this.#ctx = ctx;
    this.#judging = judgingOf(ctx.args, ctx.fields);
    this.#history = this.#judging.width * mostReadings;
  }

  event(event: Event, scope: Scope, input: number): void {
    if (input === 0) return this.#read(event, scope);
    const { observe } = this.#judging;
    if (input === 1) this.#change(event);
    else if (noteFact(this.#ledger(), event, observe)) this.#ctx.full();
  }

  wake(scope: Scope, at: number): void {
    for (const one of this.#ledger().watched.filter((watched) => this.#dueAt(watched) <= at))
      this.#look(one, at);
    const readings = this.#readings(scope);
    if (!readings) return;
    if (readings.standing?.due === at) this.#lookBack(scope, readings, at);
    if (readings.forgetAt === at) this.#forget(scope, readings);
  }

  /** It forgets a silent key itself, once nothing of its history is of use. */
  holds(): boolean {
    return true;
  }

  #read(event: Event, scope: Scope): void {
    if (event.metric === undefined) return;
    const { width } = this.#judging;
    const start = Math.floor(timeOf(event) / width) * width;
    if (start + width <= this.#ctx.watermark()) return this.#ctx.late();
    addReading(this.#readings(scope) ?? this.#open(scope, start), start, event);
  }

  #change(event: Event): void {
    const { observe, fields, on } = this.#judging;
    const ledger = this.#ledger();
    const { known, isFull } = noteChange(ledger, event, observe);
    if (isFull) this.#ctx.full();
    if (known.isAsked) return;
    known.isAsked = true;
    const targets = [...ledger.live.values()].filter((labels) =>
      agree(known.change.labels, namedKey(fields, labels), on),
    );
    if (targets.length === 0) return;
    if (targets.length > mostTargets) this.#ctx.full();
    const watched: Watched = { known, targets: targets.slice(0, mostTargets), look: 0 };
    if (watch(ledger, watched)) this.#ctx.full();
    this.#ctx.wakeAt(this.#ctx.root, this.#dueAt(watched));
  }

  #dueAt({ known, look }: Watched): number {
    return lookTime(known.change.time, this.#judging.observe, look);
  }

  #look(watched: Watched, at: number): void {
    const ledger = this.#ledger();
    const isLast = watched.look === looks.length - 1;
    const judged = watched.targets.flatMap((labels) => {
      const readings = this.#readingsOf(labels);
      const said = judge(
        this.#judging,
        { ledger, known: watched.known, labels, readingsOf: (of) => this.#readingsOf(of) },
        watched.look,
      );
      return readings && said ? [{ ...said, labels, readings, first: readings.first }] : [];
    });
    const verdicts = judgeTogether(judged);
    for (const [i, { labels, readings, also }] of judged.entries()) {
      const verdict = verdicts[i];
      if (!verdict || (verdict.kind !== 'moved' && !isLast)) continue;
      watched.targets = watched.targets.filter((target) => target !== labels);
      const said = { change: watched.known.change, verdict, name: readings.name, also };
      this.#say({ said, labels, readings, at });
    }
    watched.look++;
    if (isLast || watched.targets.length === 0)
      ledger.watched.splice(ledger.watched.indexOf(watched), 1);
    else this.#ctx.wakeAt(this.#ctx.root, this.#dueAt(watched));
  }

  #say({
    said,
    labels,
    readings,
    at,
  }: {
    readonly said: Said;
    readonly labels: readonly string[];
    readonly readings: Readings;
    readonly at: number;
  }): void {
    const { about, decide, send, scopeOf, wakeAt } = this.#ctx;
    const scope = scopeOf(labels);
    if (!scope) return;
    decide({ kind: 'emit', at, event: verdictDraft(about(scope, at, {}), said) }, scope);
    if (said.verdict.kind !== 'moved') return;
    const { evidence } = said.verdict;
    const fields = movedFields(said, evidence);
    const due = readings.standing?.due ?? at + this.#judging.observe;
    if (!readings.standing) wakeAt(scope, due);
    readings.standing = {
      due,
      attributes: fields.attributes ?? {},
      since: evidence.change,
      from: evidence.before.mean,
      to: evidence.after.mean,
    };
    send(about(scope, at, fields), scope);
  }

  /** Whether what moved is back by half or more, by the median of the last `observe`. */
  #lookBack(scope: Scope, readings: Readings, at: number): void {
    const { standing, name } = readings;
    const { observe, width, late, settings } = this.#judging;
    if (!standing) return;
    const recent = pointsUntil(readings, at, { width, late, change: standing.since })
      .filter(([time]) => time >= at - observe)
      .map(([, value]) => value);
    const { from, to, attributes, since } = standing;
    const now = median(recent.toSorted((a, b) => a - b));
    const isBack = recent.length >= settings.leastAfter && (now - from) / (to - from) <= 0.5;
    if (!isBack && at < since + longest) {
      standing.due = at + observe;
      return this.#ctx.wakeAt(scope, standing.due);
    }
    readings.standing = undefined;
    const text = isBack ? 'is back' : 'has stayed so for a day';
    const fields: Parameters<Surroundings['about']>[2] & AlertHints = {
      ...(name === undefined ? {} : { name }),
      ...(recent.length === 0 ? {} : { metric: now }),
      state: 'ok',
      attributes: { ...attributes, text },
    };
    this.#ctx.send(this.#ctx.about(scope, at, fields), scope);
  }

  #ledger(): Ledger {
    const { root, get, set } = this.#ctx;
    const known = get(root) as Ledger | undefined;
    if (known) return known;
    const made = emptyLedger();
    set(root, made);
    return made;
  }

  #readings(scope: Scope): Readings | undefined {
    if (scope === this.#ctx.root) return this.#ledger().alone;
    return this.#ctx.get(scope) as Readings | undefined;
  }

  #open(scope: Scope, start: number): Readings {
    const ledger = this.#ledger();
    ledger.live.set(scope.labels.join('\0'), scope.labels);
    const made = noReadings(start + this.#history);
    if (scope === this.#ctx.root) ledger.alone = made;
    else this.#ctx.set(scope, made);
    this.#ctx.wakeAt(scope, made.forgetAt);
    return made;
  }

  #forget(scope: Scope, readings: Readings): void {
    const last = Math.max(readings.starts.at(-1) ?? 0, readings.standing?.due ?? 0);
    if (last + this.#history > readings.forgetAt) {
      readings.forgetAt = last + this.#history;
      return this.#ctx.wakeAt(scope, readings.forgetAt);
    }
    const ledger = this.#ledger();
    ledger.live.delete(scope.labels.join('\0'));
    if (scope === this.#ctx.root) ledger.alone = undefined;
    else this.#ctx.set(scope, undefined);
  }

  #readingsOf(labels: readonly string[]): Readings | undefined {
    const scope = this.#ctx.scopeOf(labels);
    return scope && this.#readings(scope);
  }
}
