import { setImmediate as turn } from 'node:timers/promises';
import { type Checked, checkDraft } from '../event/check.ts';
import type { Draft } from '../event/event.ts';
import { markFact } from '../event/cdevents/cdevent.ts';
import { type Gathered, type GatherOptions, Gathering, type Place } from '../event/gathering.ts';
import type { EventLimits } from '../event/limits.ts';
import { isSurelyRight } from '../event/surely-right.ts';
import type { Appended, Log } from '../log/log.ts';
import { type Decoded, isRefused, type Refused } from './decoded.ts';
import type { Sender } from './intake.ts';
import { forbidOf } from './http/problems.ts';
import { intakeErrors } from './errors.ts';
import type { SenderBook } from './senders/sender-book.ts';

export interface DeliveryOptions {
  readonly log: Pick<Log, 'append'>;
  readonly limits: EventLimits;
  /** Events in one delivery. */
  readonly maxEvents: number;
  readonly book: SenderBook;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
}

/** What became of what was decoded. */
export interface Delivered {
  /** Durable by now. */
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: number;
  readonly refusals: Gathered['refusals'];
}

/** Who delivers, by which intake. */
export interface From {
  readonly intake: string;
  readonly sender: Sender;
}

/** Decoded between two looks at what else there is to do: some milliseconds of it. */
const step = 500;

/**
 * Carries what was decoded into the log: checks each event, counts it for its sender, and resolves
 * when it is durable. Rejects with TERR_INTAKE_TOO_MANY, what decoding throws, and what the log
 * throws; then nothing was taken.
 */
export class Delivery {
  readonly #options: DeliveryOptions;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  async take(decoded: Iterable<Decoded>, from: From): Promise<Delivered> {
    const { book, now } = this.#options;
    const { intake, sender } = from;
    const gathering = await this.#gather(decoded, from);
    const gathered = gathering.result();
    const appended = await this.#append(gathered);
    const accepted = appended.reduce((sum, { count }) => sum + count, 0);
    const duplicates = appended.reduce((sum, one) => sum + one.duplicates.length, 0);
    if (accepted > 0 || duplicates > 0) book.accepted(intake, sender.name, accepted, now());
    book.duplicates(intake, duplicates);
    const { refused, refusals } = gathered;
    return { accepted, duplicates, refused, refusals };
  }

  async #gather(decoded: Iterable<Decoded>, { intake, sender }: From): Promise<Gathering> {
    const { limits, maxEvents, now, book } = this.#options;
    const options: GatherOptions = {
      source: sender.source,
      limits,
      now: now(),
      ...(!sender.unrestricted && { forbid: forbidOf(sender) }),
      markFact,
    };
    const gathering = new Gathering(options);
    const refuse = (refused: Refused): void =>
      book.refused({ intake, sender: sender.name }, refused, options.now);
    let seen = 0;
    for (const one of decoded) {
      if (++seen > maxEvents) throw tooMany(maxEvents);
      if (isRefused(one)) {
        const { code, message, field = '', ...where } = one.refused;
        gathering.refuse(placeOf(where), { field, code, message });
        refuse(one.refused);
      } else if (isSurelyRight(one, limits, options.now) && mayBe(one, sender))
        gathering.sure(one, one.source ?? sender.source);
      else if (!isTaken(gathering, checkDraft(one, limits, options.now), seen - 1))
        refuse(lastOf(gathering));
      // oxlint-disable-next-line no-await-in-loop -- so that a large body does not hold others up
      if (seen % step === 0) await turn();
    }
    return gathering;
  }

  async #append({ facts, readings }: Gathered): Promise<Appended[]> {
    const { log } = this.#options;
    const appends = [
      ...(facts ? [log.append('facts', facts)] : []),
      ...(readings ? [log.append('readings', readings)] : []),
    ];
    // Waits for both also when one fails: only then is it known what is durable.
    const settled = await Promise.allSettled(appends);
    return settled.map((one) => {
      if (one.status === 'rejected') throw one.reason;
      return one.value;
    });
  }
}

function placeOf({ line, index }: Pick<Refused, 'line' | 'index'>): Place {
  if (line !== undefined) return { line };
  return index === undefined ? undefined : { index };
}

function isTaken(gathering: Gathering, checked: Checked, index: number): boolean {
  const before = gathering.refused;
  gathering.checked(checked, { index });
  return gathering.refused === before;
}

function mayBe({ type, source }: Draft, sender: Sender): boolean {
  return sender.unrestricted || sender.maySend(type, source ?? sender.source);
}

function lastOf(gathering: Gathering): Refused {
  const { code, message, field } = gathering.lastRefusal ?? unknown;
  return { code, message, field };
}

const unknown = { code: 'TERR_INTAKE_REFUSED', message: 'it was refused', field: '' };

function tooMany(limit: number): Error {
  const message = `The body holds more than ${limit} events (intake.maxEvents): send it in parts.`;
  return intakeErrors('TOO_MANY', message);
}
