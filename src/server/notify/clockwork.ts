import type { Notification } from '../../rooms/alerts/notification.ts';
import { plan } from '../../rooms/alerts/plan.ts';
import type { Policy } from '../../rooms/alerts/policy.ts';
import { type AlertsCommand, idOfCommand } from '../../rooms/alerts/room.ts';
import type { Scaling } from '../../rooms/alerts/scale.ts';
import { type AlertsState, alertOf } from '../../rooms/alerts/state.ts';
import type { Keeper } from '../rooms/keeper.ts';
import { type Outcome, waitAfter } from './outcome.ts';
import type { Senders } from './senders.ts';

export interface ClockworkOptions {
  readonly keeper: Keeper<AlertsState, AlertsCommand>;
  readonly policy: Policy;
  readonly senders: Senders;
  /** ms since the epoch. */
  readonly now: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  /** A notification that waits longer than this is given up, ms. */
  readonly giveUpAfter: number;
  /** Told of what nobody foresaw; the rest goes on. */
  readonly onProblem: (error: unknown) => void;
}

/** Receivers that are sent to at the same time. */
const atOnce = 8;
/** The clockwork looks at most so often, ms: in a storm, many facts are one look. */
const restMs = 100;
/** And takes no more than this share of the thread: with ten thousand alerts a look is dear. */
const share = 0.1;
/** It looks at least so often, ms: clocks are set, and timers reach no further than 24 days. */
const longestMs = 60_000;
/** An order to scale that could not be carried out for so long is out of date, ms. */
const staleScaleMs = 600_000;

/** How often one receiver has failed in a row, and when it is tried again. */
interface Trouble {
  readonly failures: number;
  readonly until: number;
  readonly why: string;
}

/** What is to be done next at one place; undefined when there is nothing, or it failed. */
type NextTask = () => Promise<AlertsCommand | undefined> | undefined;

/**
 * The one who does what is due: lets the room tell, mute and settle, sends what waits, carries out
 * orders to scale. All that it knows for longer than a moment are facts; killed at any moment, it
 * begins where the facts are, and repeats at most a send whose end was not noted.
 */
export class Clockwork {
  readonly counters = { sent: 0, failures: 0, givenUp: 0, runs: 0 };
  readonly #options: ClockworkOptions;
  /** Receivers and targets that something is on its way to. */
  readonly #busy = new Map<string, Promise<void>>();
  readonly #trouble = new Map<string, Trouble>();
  /** What was sent and could not be noted yet: noted before anything else is sent there. */
  readonly #unnoted = new Map<string, AlertsCommand>();
  #rest = restMs;
  #lookAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #again = false;
  #active = false;
  #closed = false;

  constructor(options: ClockworkOptions) {
    this.#options = options;
    options.keeper.onChange(() => this.wake());
  }

  /** Why the last attempt to send to a receiver failed; undefined when it did not. */
  troubleOf(to: string): string | undefined {
    return this.#trouble.get(to)?.why;
  }

  /** Looks soon. */
  wake(): void {
    this.#again = true;
    if (!this.#active) this.#schedule(this.#rest);
  }

  /** Resolves when nothing is under way any more; the senders must have been told to stop. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running;
    await Promise.all(this.#busy.values());
  }

  /** Never later than it was to look already: facts that come and come must not put it off. */
  #schedule(wait: number): void {
    const at = performance.now() + Math.min(wait, longestMs);
    if (this.#closed || (this.#timer !== undefined && this.#lookAt <= at)) return;
    clearTimeout(this.#timer);
    this.#lookAt = at;
    const look = (): void => void (this.#running = this.#run());
    this.#timer = setTimeout(look, at - performance.now());
  }

  async #run(): Promise<void> {
    this.#timer = undefined;
    this.#active = true;
    this.#again = false;
    this.counters.runs++;
    let next = longestMs;
    try {
      next = await this.#look();
    } catch (error) {
      this.#options.onProblem(error);
    }
    this.#active = false;
    this.#schedule(this.#again ? this.#rest : Math.max(this.#rest, next));
  }

  /** Does what is due; ms until something else will be. */
  async #look(): Promise<number> {
    const { keeper, policy, now } = this.#options;
    const started = performance.now();
    const { due, next: later = Infinity } = plan(keeper.state, policy, now());
    this.#rest = Math.max(restMs, (performance.now() - started) / share);
    await Promise.all(due.map((command) => this.#give(command)));
    const { queue, scale } = keeper.state;
    const tasks = new Map<string, NextTask>();
    for (const { to } of queue.values())
      if (!tasks.has(to)) tasks.set(to, () => this.#nextSend(to));
    for (const { target, state } of scale.values())
      if (state === 'decided') tasks.set(`scale ${target}`, () => this.#nextScale(target));
    // Of those that nothing waits for, trouble need not be remembered.
    for (const place of this.#trouble.keys()) if (!tasks.has(place)) this.#trouble.delete(place);
    for (const [place, next] of tasks) this.#start(place, next);
    const times = [...this.#trouble.values()].map(({ until }) => until);
    return Math.min(later, ...times.filter((until) => until > now())) - now();
  }

  /** Goes to work at a place unless somebody does already, or there was trouble a moment ago. */
  #start(place: string, next: NextTask): void {
    if (this.#closed || this.#busy.has(place) || this.#busy.size >= atOnce) return;
    if ((this.#trouble.get(place)?.until ?? 0) > this.#options.now()) return;
    const done = this.#work(place, next)
      .catch(this.#options.onProblem)
      .finally(() => {
        this.#busy.delete(place);
        this.wake();
      });
    this.#busy.set(place, done);
  }

  /** One after the other, each noted before the next, until none is left or one fails. */
  async #work(place: string, next: NextTask): Promise<void> {
    while (!this.#closed) {
      // oxlint-disable-next-line no-await-in-loop -- their order is kept
      const outcome = this.#unnoted.get(place) ?? (await next());
      if (!outcome) return;
      this.#unnoted.set(place, outcome);
      // oxlint-disable-next-line no-await-in-loop
      if (!(await this.#give(outcome))) return this.#troubled(place, 'it could not be noted');
      this.#unnoted.delete(place);
    }
  }

  /** What waits longest for a receiver: its messages keep their order. */
  #nextSend(to: string): Promise<AlertsCommand | undefined> | undefined {
    for (const notification of this.#options.keeper.state.queue.values())
      if (notification.to === to) return this.#send(notification);
    return undefined;
  }

  #nextScale(target: string): Promise<AlertsCommand | undefined> | undefined {
    const scaling = this.#options.keeper.state.scale.get(target);
    return scaling?.state === 'decided' ? this.#scale(scaling) : undefined;
  }

  async #send(notification: Notification): Promise<AlertsCommand | undefined> {
    const { keeper, senders, now, giveUpAfter } = this.#options;
    const { id, to, queued, open, resolved } = notification;
    const [first = ''] = Object.keys({ ...open, ...resolved });
    const outcome = await senders.send(notification, alertOf(keeper.state, first));
    if (this.#closed && !outcome.sent) return undefined;
    if (outcome.sent) {
      this.counters.sent++;
      this.#trouble.delete(to);
      return { kind: 'sent', notification: id };
    }
    this.counters.failures++;
    const late = now() - queued >= giveUpAfter;
    if (!outcome.final && !late) return this.#failed(to, outcome);
    this.counters.givenUp++;
    return { kind: 'sent', notification: id, why: outcome.why };
  }

  #failed(to: string, outcome: Outcome & { sent: false }): undefined {
    this.#troubled(to, outcome.why, outcome.retryAfter);
  }

  #troubled(place: string, why: string, atLeast = 0): void {
    const failures = (this.#trouble.get(place)?.failures ?? 0) + 1;
    const wait = Math.max(atLeast, waitAfter(failures, this.#options.random()));
    this.#trouble.set(place, { failures, until: this.#options.now() + wait, why });
  }

  async #scale(scaling: Scaling): Promise<AlertsCommand | undefined> {
    const { senders, now } = this.#options;
    const { target, id, received } = scaling;
    if (now() - received > staleScaleMs)
      return { kind: 'scaled', target, id, ok: false, said: 'it is too old to be carried out' };
    const outcome = await senders.scale(scaling);
    // Ended by our own stop: it is carried out again at the next start.
    if (this.#closed && !outcome.ok) return undefined;
    return { kind: 'scaled', target, id, ...outcome };
  }

  /** Whether it made a fact: what makes none must not be tried again at once. */
  async #give(command: AlertsCommand): Promise<boolean> {
    const { keeper, onProblem } = this.#options;
    try {
      const id = idOfCommand(command, keeper.state) ?? '';
      return await keeper.handle(command, { actor: 'territory', id });
    } catch (error) {
      onProblem(error);
      return false;
    }
  }
}
