import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { CodedError } from '../../errors/coded-error.ts';
import { markFact } from '../../event/cdevents/cdevent.ts';
import type { Gathered, GatherOptions } from '../../event/gathering.ts';
import type { EventLimits } from '../../event/limits.ts';
import type { Appended, Log } from '../../log/log.ts';
import { intakeErrors } from '../errors.ts';
import type { IntakeCounters, Sender } from '../intake.ts';
import type { SenderBook } from '../senders/sender-book.ts';
import {
  answerAndClose,
  answerIntake,
  answerProblem,
  type Problem,
  problemOf,
  tell,
} from './answer.ts';
import { readBody } from './body.ts';
import { Budget, type Lease } from './budget.ts';
import { Counting } from '../counting.ts';
import { type BodyKind, kindOf, type Packing, packingOf } from './media.ts';
import { asCoded, forbidOf, refusedProblem, retryAfter, wholeProblem } from './problems.ts';
import { take, type Taken, type Work } from './take.ts';
import { unpack } from './unpack.ts';

/** What one request may ask of us, and all together. */
export interface HttpLimits {
  readonly event: EventLimits;
  /** Bytes of a body as it was sent, and once it was unpacked. */
  readonly maxBody: number;
  readonly maxEvents: number;
  /** Bytes of all bodies that are being read or waiting to be durable. */
  readonly maxInFlight: number;
  /** Within this time a body must have arrived whole, ms. */
  readonly bodyTimeout: number;
}

/** Why a request is turned away before its body is read. */
export interface Denied {
  readonly status: number;
  readonly problem: Problem;
  readonly headers?: OutgoingHttpHeaders;
}

export interface HttpIntakeOptions {
  readonly log: Pick<Log, 'append'>;
  /** Who sends, from the headers alone; on the path of every request, so at once. */
  readonly authorise: (req: IncomingMessage) => Sender | Denied;
  readonly limits: HttpLimits;
  /** Ms since the epoch, UTC. */
  readonly now: () => number;
  /** Told of what nobody foresaw: the sender learns only that it failed. */
  readonly onFailure?: (cause: unknown) => void;
  /** Who sent what, for the page of sources. */
  readonly book?: Pick<SenderBook, 'accepted' | 'refused'>;
  /** Bytes of bodies in memory, when others count theirs in it too. */
  readonly budget?: Budget;
}

/** Takes the requests of one path, as node:http hands them over. */
export interface HttpIntake {
  (req: IncomingMessage, res: ServerResponse): void;
  readonly counters: () => IntakeCounters;
  /** Bytes of bodies in memory now, and how many there may be. */
  readonly inFlight: () => { readonly bytes: number; readonly limit: number };
}

/**
 * Takes events by HTTP: `docs/protocols/http.md`. An answer of 200 or 207 is given only when what it
 * counts as accepted is durable. Made for node:http itself: what a web framework does for each
 * request would cost more than all that is done here.
 */
export function httpIntake(options: HttpIntakeOptions): HttpIntake {
  const intake = new Intake(options);
  return Object.assign((req: IncomingMessage, res: ServerResponse) => intake.handle(req, res), {
    counters: () => intake.counting.read('http'),
    inFlight: () => ({ bytes: intake.budget.held, limit: intake.budget.limit }),
  });
}

/** One request while it is being taken. */
interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly sender: Sender;
  readonly kind: BodyKind;
  readonly packing: Packing;
  readonly lease: Lease;
}

class Intake {
  readonly counting = new Counting();
  readonly budget: Budget;
  readonly #options: HttpIntakeOptions;

  constructor(options: HttpIntakeOptions) {
    this.#options = options;
    this.budget = options.budget ?? new Budget(options.limits.maxInFlight);
  }

  handle(req: IncomingMessage, res: ServerResponse): void {
    if (req.method !== 'POST') {
      this.#notPost(req, res);
      return;
    }
    let name: string | undefined;
    try {
      const sender = this.#options.authorise(req);
      if ('problem' in sender) {
        this.counting.refuse(sender.problem.code);
        const { code, title, detail: message = title } = sender.problem;
        this.#bad(req.socket.remoteAddress, { code, message });
        answerProblem(req, res, sender.problem, sender.headers);
        return;
      }
      ({ name } = sender);
      const kind = kindOf(req.headers);
      const packing = packingOf(req.headers);
      const lease = this.budget.lease();
      const exchange = { req, res, sender, kind, packing, lease };
      readBody(req, this.#options.limits, lease, (outcome) => {
        if (outcome instanceof CodedError) this.#fail(exchange, outcome);
        else this.#take(exchange, outcome);
      });
    } catch (error) {
      this.#refuse(req, res, error, name);
    }
  }

  #notPost(req: IncomingMessage, res: ServerResponse): void {
    if (req.method === 'OPTIONS') {
      answerHandshake(req, res);
      return;
    }
    const error = intakeErrors('METHOD', `${req.method ?? ''} is not possible here: send POST.`);
    answerProblem(req, res, problemOf(error), { allow: 'POST, OPTIONS' });
  }

  /** Small plain bodies go through without a pause; the others wait their turn. */
  #take(exchange: Exchange, body: Buffer): void {
    if (exchange.packing !== 'identity') {
      this.#unpack(exchange, exchange.packing, body).catch((e) => this.#fail(exchange, e));
      return;
    }
    try {
      const steps = take(this.#work(exchange, body));
      const first = steps.next();
      if (first.done === true) this.#append(exchange, first.value);
      else this.#finish(exchange, steps).catch((e) => this.#fail(exchange, e));
    } catch (error) {
      this.#fail(exchange, error);
    }
  }

  async #unpack(
    exchange: Exchange,
    packing: Exclude<Packing, 'identity'>,
    packed: Buffer,
  ): Promise<void> {
    const { maxBody } = this.#options.limits;
    const body = await unpack(packed, packing, maxBody, exchange.lease);
    await this.#finish(exchange, take(this.#work(exchange, body)));
  }

  async #finish(exchange: Exchange, steps: Generator<void, Taken>): Promise<void> {
    let next = steps.next();
    while (next.done !== true) {
      await turn();
      next = steps.next();
    }
    this.#append(exchange, next.value);
  }

  #work({ req, sender, kind }: Exchange, body: Buffer): Work {
    const { limits, now } = this.#options;
    const options: GatherOptions = {
      source: sender.source,
      limits: limits.event,
      now: now(),
      ...(!sender.unrestricted && { forbid: forbidOf(sender) }),
      markFact,
    };
    return { kind, headers: req.headers, body, options, maxEvents: limits.maxEvents };
  }

  #append(exchange: Exchange, { gathering, single }: Taken): void {
    const gathered = gathering.result();
    for (const [code, count] of gathered.refusedBy) this.counting.refuse(code, count);
    const { facts, readings } = gathered;
    if (facts === undefined && readings === undefined) {
      this.#nothing(exchange, gathered, single);
      return;
    }
    const { log } = this.#options;
    const answered = (appended: Appended): void => this.#answer(exchange, gathered, [appended]);
    const failed = (error: unknown): void => this.#fail(exchange, error);
    if (facts === undefined && readings !== undefined)
      log.append('readings', readings).then(answered).catch(failed);
    else if (facts !== undefined && readings === undefined)
      log.append('facts', facts).then(answered).catch(failed);
    else if (facts !== undefined && readings !== undefined)
      both(log.append('facts', facts), log.append('readings', readings))
        .then((all) => this.#answer(exchange, gathered, all))
        .catch(failed);
  }

  #answer({ res, lease, sender }: Exchange, gathered: Gathered, all: readonly Appended[]): void {
    lease.free();
    let accepted = 0;
    let duplicates = 0;
    for (const appended of all) {
      accepted += appended.count;
      duplicates += appended.duplicates.length;
    }
    this.counting.take(accepted, duplicates);
    this.#heard(sender, accepted, gathered);
    const errors = gathered.refused === 0 ? [] : tell(gathered.refusals);
    answerIntake(res, { accepted, duplicates, refused: gathered.refused, errors });
  }

  /** Answers when there is nothing to append: an empty list is fine, else all was refused. */
  #nothing({ req, res, lease, sender }: Exchange, gathered: Gathered, single: boolean): void {
    lease.free();
    this.#heard(sender, 0, gathered);
    if (gathered.refused === 0) {
      answerIntake(res, { accepted: 0, duplicates: 0, refused: 0, errors: [] });
      return;
    }
    answerProblem(req, res, refusedProblem(gathered, single));
  }

  #fail({ req, res, lease, sender }: Exchange, error: unknown): void {
    lease.free();
    this.#refuse(req, res, error, sender.name);
  }

  #heard({ name }: Sender, accepted: number, { refused, refusals }: Gathered): void {
    const { book, now } = this.#options;
    if (accepted > 0) book?.accepted('http', name, accepted, now());
    const [first] = refusals;
    if (refused > 0 && first) this.#bad(name, first, refused);
  }

  #bad(sender: string | undefined, refused: { code: string; message: string }, count = 1): void {
    const { book, now } = this.#options;
    book?.refused({ intake: 'http', sender: sender ?? 'unknown', count }, refused, now());
  }

  #refuse(req: IncomingMessage, res: ServerResponse, cause: unknown, sender?: string): void {
    const error = asCoded(cause);
    this.#bad(sender ?? req.socket.remoteAddress, error);
    if (error.code === 'TERR_INTAKE_FAILED') this.#options.onFailure?.(cause);
    this.counting.refuse(error.code);
    const problem = wholeProblem(error);
    if (error.code === 'TERR_INTAKE_TIMEOUT') answerAndClose(res, problem);
    else answerProblem(req, res, problem, retryAfter(error, problem.status));
  }
}

/** Waits for both also when one fails: only then is it known what is durable. */
async function both(...appends: readonly Promise<Appended>[]): Promise<Appended[]> {
  const settled = await Promise.allSettled(appends);
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

/** The abuse protection handshake of CloudEvents' HTTP 1.1 Web Hooks 1.0.2, 4. */
function answerHandshake(req: IncomingMessage, res: ServerResponse): void {
  const origin = req.headers['webhook-request-origin'];
  const allowed = typeof origin === 'string' ? { 'webhook-allowed-origin': origin } : {};
  res.writeHead(204, { allow: 'POST, OPTIONS', ...allowed });
  res.end();
}
