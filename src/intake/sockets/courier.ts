import { CodedError } from '../../errors/coded-error.ts';
import { checkDraft } from '../../event/check.ts';
import { type Draft, streamOf } from '../../event/event.ts';
import { Gathering } from '../../event/gathering.ts';
import type { EventLimits } from '../../event/limits.ts';
import { isSurelyRight } from '../../event/surely-right.ts';
import type { Refused } from '../decoded.ts';
import type { Failure, FromListeners, Share } from './messages.ts';

/** Who waits for the durability of what it sent. */
export interface Party {
  readonly intake: string;
  /** Address, for the counters. */
  readonly sender: string;
  /** The source of its events that name none. */
  readonly source: string;
  /** Bytes that it has on the way to the log. */
  unsettled: number;
  /** Batches up to this one are settled. `failure`: of the one just settled, if it had a part in it. */
  readonly settled: (seq: number, failure: CodedError | undefined) => void;
}

export interface CourierOptions {
  readonly limits: EventLimits;
  readonly maxPending: number;
  readonly post: (message: FromListeners, transfer: ArrayBuffer[]) => void;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  readonly refuse: (party: Party, refused: Refused) => void;
}

/** A batch on its way to the log. */
interface Sent {
  readonly seq: number;
  readonly bytes: number;
  readonly parties: ReadonlyMap<Party, number>;
}

/** A batch goes out when it holds so many, at the latest. */
const maxBatch = 2_000;

/**
 * Gathers what was decoded in a turn of this thread into batches, hands them to the main thread, and
 * tells those who sent it when it is durable. Batches are settled in the order in which they went
 * out.
 */
export class Courier {
  readonly #options: CourierOptions;
  #gathering: Gathering | undefined;
  /** Of the batch: that of who began it, which most of its lines then leave out. */
  #source = '';
  /** Bytes of the batch that is being gathered, by whose they are. */
  #parties = new Map<Party, { bytes: number; count: number }>();
  #seq = 1;
  #scheduled = false;
  #sent: Sent[] = [];
  /** Bytes on their way to the log and being gathered. */
  pending = 0;

  constructor(options: CourierOptions) {
    this.#options = options;
  }

  /** Number of the batch that is being gathered: what is taken now is durable when it is settled. */
  get seq(): number {
    return this.#seq;
  }

  /** Whether as much is waiting for the log as may wait. */
  get full(): boolean {
    return this.pending >= this.#options.maxPending;
  }

  /** Whether half of it is: connections are paused then, which leaves the rest to datagrams. */
  get filling(): boolean {
    return this.pending * 2 >= this.#options.maxPending;
  }

  /** Takes an event of a party, or refuses it; whether it was taken. */
  take(draft: Draft, party: Party): boolean {
    const { limits, now, refuse } = this.#options;
    const gathering = (this.#gathering ??= this.#begin(party));
    const at = now();
    if (isSurelyRight(draft, limits, at)) gathering.sure(draft, draft.source ?? party.source);
    else {
      const named = draft.source === undefined ? { ...draft, source: party.source } : draft;
      const before = gathering.refused;
      gathering.checked(checkDraft(named, limits, at), undefined);
      if (gathering.refused > before) {
        const { code, message, field } = gathering.lastRefusal ?? unknown;
        refuse(party, { code, message, field });
        return false;
      }
    }
    const bytes = sizeOf(draft);
    const own = this.#parties.get(party);
    if (own) {
      own.bytes += bytes;
      own.count++;
    } else this.#parties.set(party, { bytes, count: 1 });
    party.unsettled += bytes;
    this.pending += bytes;
    if (gathering.count - gathering.refused >= maxBatch) this.send();
    else this.#schedule();
    return true;
  }

  /** Hands over what was gathered so far. */
  send(): void {
    const readings = this.#gathering?.result().readings;
    if (readings === undefined) return;
    const shares: Share[] = [];
    const parties = new Map<Party, number>();
    let bytes = 0;
    for (const [party, own] of this.#parties) {
      shares.push({ intake: party.intake, sender: party.sender, count: own.count });
      parties.set(party, own.bytes);
      bytes += own.bytes;
    }
    const seq = this.#seq++;
    this.#sent.push({ seq, bytes, parties });
    this.#parties = new Map();
    this.#gathering = undefined;
    const source = this.#source;
    // Copies of exactly what is sent: the gatherer's buffers are larger, and may be a pool's.
    const lines = new Uint8Array(readings.bytes);
    const identities = new Uint32Array(readings.identities);
    const { count } = readings;
    this.#options.post({ kind: 'batch', seq, bytes: lines, count, source, identities, shares }, [
      lines.buffer,
      identities.buffer,
    ]);
  }

  /** The main thread says that all batches up to `seq` are done; `failure` is that of `seq`. */
  settled(seq: number, failure: Failure | undefined): void {
    while (this.#sent[0] !== undefined && this.#sent[0].seq <= seq) {
      const { seq: own, bytes, parties } = this.#sent.shift() ?? this.#sent[0];
      this.pending -= bytes;
      const error = own === seq && failure !== undefined ? errorOf(failure) : undefined;
      for (const [party, size] of parties) {
        party.unsettled -= size;
        party.settled(own, error);
      }
    }
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.send();
    });
  }

  #begin({ source }: Party): Gathering {
    const { limits, now } = this.#options;
    this.#source = source;
    return new Gathering({ source, limits, now: now(), forbid });
  }
}

/** Nobody has said who he is: what people will want in five years must not come this way. */
function forbid(type: string) {
  if (streamOf(type) === 'readings') return undefined;
  const message = `${type} is a fact: facts are taken by HTTP, with a token, and not here`;
  return { field: 'type', code: 'TERR_INTAKE_FORBIDDEN', message };
}

const unknown = { code: 'TERR_INTAKE_REFUSED', message: 'it was refused', field: '' };

/** About how many bytes of memory an event takes on its way. */
function sizeOf(draft: Draft): number {
  const { data } = draft;
  const text = typeof data === 'string' ? data.length : data === undefined ? 0 : 500;
  return 300 + text;
}

/** The error of another thread as one of ours. */
export function errorOf({ code, message }: Failure): CodedError {
  return new CodedError(
    code,
    { status: 503, title: 'The events could not be stored' },
    message,
    {},
  );
}
