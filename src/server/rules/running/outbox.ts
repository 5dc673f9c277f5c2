import { checkDraft } from '../../../event/check.ts';
import { encodeDrafts } from '../../../event/codec.ts';
import type { Draft } from '../../../event/event.ts';
import { defaultLimits } from '../../../event/limits.ts';
import { Latencies } from '../../../log/latencies.ts';
import type { Decision } from '../../../rules/decision.ts';
import type { RuleProblem } from '../../../rules/engine/engine.ts';
import { emittedDraft, rulesSource } from '../../../rules/engine/path.ts';
import type { FromWorker, LastDecision, OutwardDecision } from './messages.ts';

/** Decisions of one message. */
const mostAtOnce = 2_000;
/** While more decisions than this wait to become durable, no more of the log is read. */
export const mostOutstanding = 20_000;
/** A rule's events that are none are told so often, ms. */
const tellEveryMs = 60_000;

interface OutboxOptions {
  readonly post: (message: FromWorker, transfer?: readonly ArrayBuffer[]) => void;
  readonly onProblem: (problem: RuleProblem) => void;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** Decisions on their way to the main thread, which makes them durable. */
export class Outbox {
  readonly latencies = new Latencies();
  readonly last = new Map<string, LastDecision>();
  /** Of them, those that the log had already. */
  repeated = 0;
  readonly #options: OutboxOptions;
  #known: Set<string>;
  readonly #told = new Map<string, number>();
  #drafts: Draft[] = [];
  #outward: OutwardDecision[] = [];
  #seq = 0;
  #durable = 0;
  /** How many decisions each message holds that is not durable yet, from `#durable + 1` on. */
  readonly #sizes: number[] = [];
  #outstanding = 0;

  /** @param known ids of what was emitted before the thread began, and is on the log */
  constructor(options: OutboxOptions, known: Set<string>) {
    this.#options = options;
    this.#known = known;
  }

  /** All that was emitted before has been decided again. */
  forgetKnown(): void {
    if (this.#known.size > 0) this.#known = new Set();
  }

  /** The last message that was posted. */
  get seq(): number {
    return this.#seq;
  }

  get durable(): number {
    return this.#durable;
  }

  get outstanding(): number {
    return this.#outstanding;
  }

  get isFull(): boolean {
    return this.#outstanding >= mostOutstanding;
  }

  readonly add = (decision: Decision): void => {
    this.last.set(decision.rule, lastOf(decision));
    if (this.#known.delete(decision.id)) this.repeated++;
    else if (decision.kind === 'emit') this.#emit(emittedDraft(decision), decision);
    else this.#outward.push(decision);
    if (this.#drafts.length + this.#outward.length >= mostAtOnce) this.#send();
  };

  /** Posts what there is; `received` (ms): of the last event that was looked at. */
  post(received: number | undefined): void {
    if (this.#drafts.length === 0 && this.#outward.length === 0) return;
    this.#send();
    if (received !== undefined) this.latencies.add(this.#options.now() - received);
  }

  /** Everything up to `seq` is durable. */
  isDurable(seq: number): void {
    for (; this.#durable < seq; this.#durable++) this.#outstanding -= this.#sizes.shift() ?? 0;
  }

  #emit(draft: Draft, { rule, at }: Decision): void {
    const checked = checkDraft(draft, defaultLimits, this.#options.now());
    if ('draft' in checked) {
      this.#drafts.push(checked.draft);
      return;
    }
    if ((this.#told.get(rule) ?? 0) + tellEveryMs > this.#options.now()) return;
    this.#told.set(rule, this.#options.now());
    const message = `what it emitted can't be an event: ${checked.refusal.message}`;
    this.#options.onProblem({ kind: 'failed', rule, at, message });
  }

  #send(): void {
    // As bytes, since objects cost twenty times as much to hand over (docs/decisions, threads).
    const lines = encodeDrafts(this.#drafts, rulesSource);
    const count = this.#drafts.length + this.#outward.length;
    const outward = this.#outward;
    this.#drafts = [];
    this.#outward = [];
    this.#sizes.push(count);
    this.#outstanding += count;
    this.#options.post({ kind: 'decided', seq: ++this.#seq, lines, outward });
  }
}

function lastOf(decision: Decision): LastDecision {
  const { kind, at } = decision;
  if (kind === 'emit') return { kind, at, title: decision.event.name ?? decision.event.type };
  if (kind === 'scale') return { kind, at, title: `${decision.target}: ${decision.want}` };
  return { kind, at, title: decision.title };
}
