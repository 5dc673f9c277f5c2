import { type Decoded, refused } from '../decoded.ts';
import { RecentTexts } from '../recent-texts.ts';
import { kinds } from './counters.ts';
import { notification } from './notification.ts';
import type { About, Readings } from './readings.ts';
import { decrypt, type Users, wrongSignature } from './secrecy.ts';

/** Numbers of parts (collectd, network.h). */
const parts = {
  host: 0x0000,
  time: 0x0001,
  plugin: 0x0002,
  pluginInstance: 0x0003,
  type: 0x0004,
  typeInstance: 0x0005,
  values: 0x0006,
  interval: 0x0007,
  timeHr: 0x0008,
  intervalHr: 0x0009,
  message: 0x0100,
  severity: 0x0101,
  signature: 0x0200,
  encryption: 0x0210,
} as const;

const header = 4;
/** Bytes of a name with its NUL, as collectd's DATA_MAX_NAME_LEN. */
const longestName = 128;
/** Encrypted parts in encrypted parts: nobody sends them, and they must not fill the stack. */
const deepest = 2;

/** How well what is being read is protected: by nothing, a signature, encryption. */
export const levels = { none: 0, sign: 1, encrypt: 2 } as const;

/** The least that is asked of a sender. */
export interface Guard {
  readonly level: number;
  readonly users: () => Users;
}

/** What the parts so far have said; each goes on until another of its kind. */
type State = { -readonly [K in keyof About]: About[K] } & { severity: number };

/** Reads packets of collectd's binary protocol. What is wrong with one ends it, and is yielded. */
export class PacketReader {
  readonly #readings: Pick<Readings, 'take'>;
  readonly #guard: Guard;
  readonly #texts = new RecentTexts();
  #out: Decoded[] = [];
  #ignored = false;

  constructor(readings: Pick<Readings, 'take'>, guard: Guard) {
    this.#readings = readings;
    this.#guard = guard;
  }

  read(bytes: Buffer): readonly Decoded[] {
    const out: Decoded[] = [];
    this.#out = out;
    this.#ignored = false;
    const problem = this.#parts(bytes, levels.none, 0);
    if (problem !== undefined) out.push(problem);
    else if (this.#ignored)
      out.push(refused('TERR_INTAKE_SIGNATURE', unprotected(this.#guard.level)));
    return out;
  }

  /** Reads parts; what they say holds up to the end of `bytes`. */
  #parts(bytes: Buffer, level: number, depth: number): Decoded | undefined {
    const state = newState();
    for (let at = 0; at < bytes.length;) {
      const length = bytes.length - at >= header ? bytes.readUInt16BE(at + 2) : 0;
      const end = at + length;
      if (length < header || end > bytes.length) return broken(at, 'a length beyond the packet');
      const kind = bytes.readUInt16BE(at);
      if (kind === parts.signature && level === levels.none)
        return this.#signed(bytes.subarray(at), length, depth);
      if (kind === parts.encryption) {
        const problem = this.#encrypted(bytes.subarray(at, end), depth);
        if (problem !== undefined) return problem;
      } else if (level < this.#guard.level) this.#ignored = true;
      else if (!this.#part(kind, state, bytes, at, end)) return broken(at, wrongPart(kind));
      at = end;
    }
    return undefined;
  }

  /** A signature is that of all parts behind it. */
  #signed(bytes: Buffer, length: number, depth: number): Decoded | undefined {
    const wrong = wrongSignature(bytes, length, this.#guard.users());
    if (wrong !== undefined) return refused('TERR_INTAKE_SIGNATURE', wrong);
    return this.#parts(bytes.subarray(length), levels.sign, depth);
  }

  #encrypted(part: Buffer, depth: number): Decoded | undefined {
    if (depth >= deepest) return refused('TERR_INTAKE_DECODE', 'parts are encrypted too deep');
    const plain = decrypt(part, this.#guard.users());
    return 'wrong' in plain
      ? refused('TERR_INTAKE_SIGNATURE', plain.wrong)
      : this.#parts(plain, levels.encrypt, depth + 1);
  }

  /** One part in plain, in [at, end); false when it is not as it should be. */
  // oxlint-disable-next-line max-params -- an object for each part would be most of its cost
  #part(kind: number, state: State, bytes: Buffer, at: number, end: number): boolean {
    if (kind === parts.values) return this.#values(state, bytes, at + header, end);
    const name = nameFields[kind];
    if (name !== undefined) {
      if (end - at - header > longestName || !endsText(bytes, at, end)) return false;
      state[name] = this.#texts.of(bytes, at + header, end - 1);
      return true;
    }
    if (kind === parts.message) {
      if (!endsText(bytes, at, end)) return false;
      this.#out.push(
        notification(state, state.severity, bytes.toString('utf8', at + header, end - 1)),
      );
      return true;
    }
    return end - at === header + 8 ? number(kind, state, bytes, at + header) : !isNumber(kind);
  }

  /** Count, then the kind of each value, then the values. */
  #values(state: State, bytes: Buffer, at: number, end: number): boolean {
    const count = end - at >= 2 ? bytes.readUInt16BE(at) : 0;
    if (count === 0 || end - at !== 2 + 9 * count) return false;
    const kindOf = bytes.subarray(at + 2, at + 2 + count);
    const gauges: number[] = [];
    let words: number[] | undefined;
    for (let i = 0, from = at + 2 + count; i < count; i++, from += 8) {
      const kind = kindOf[i] ?? 0;
      if (kind > kinds.absolute) return false;
      if (kind === kinds.gauge) gauges[i] = bytes.readDoubleLE(from);
      else {
        gauges[i] = 0;
        words ??= zeros(count * 2);
        words[i * 2] = kind === kinds.derive ? bytes.readInt32BE(from) : bytes.readUInt32BE(from);
        words[i * 2 + 1] = bytes.readUInt32BE(from + 4);
      }
    }
    this.#readings.take(state, { kinds: kindOf, gauges, words }, this.#out);
    return true;
  }
}

const nameFields: Readonly<
  Record<number, 'host' | 'plugin' | 'pluginInstance' | 'type' | 'typeInstance'>
> = {
  [parts.host]: 'host',
  [parts.plugin]: 'plugin',
  [parts.pluginInstance]: 'pluginInstance',
  [parts.type]: 'type',
  [parts.typeInstance]: 'typeInstance',
};

function newState(): State {
  return {
    host: '',
    plugin: '',
    pluginInstance: '',
    type: '',
    typeInstance: '',
    time: 0,
    interval: 0,
    severity: 0,
  };
}

function isNumber(kind: number): boolean {
  return kind < 0x0a || kind === parts.severity;
}

function zeros(count: number): number[] {
  const all: number[] = [];
  for (let i = 0; i < count; i++) all.push(0);
  return all;
}

const two32 = 2 ** 32;

/** A part of eight bytes: seconds, or 2^-30 s each (`Hr`). */
function number(kind: number, state: State, bytes: Buffer, at: number): boolean {
  const high = bytes.readUInt32BE(at);
  const low = bytes.readUInt32BE(at + 4);
  if (kind === parts.timeHr) state.time = Math.floor(high * 4000 + (low * 1000) / 2 ** 30);
  else if (kind === parts.intervalHr) state.interval = high * 4 + low / 2 ** 30;
  else if (kind === parts.time) state.time = (high * two32 + low) * 1000;
  else if (kind === parts.interval) state.interval = high * two32 + low;
  else if (kind === parts.severity) state.severity = low;
  // Others are from a later version: left out, as collectd does.
  return true;
}

/** collectd's texts end in NUL. */
function endsText(bytes: Buffer, at: number, end: number): boolean {
  return end - at > header && bytes[end - 1] === 0;
}

function wrongPart(kind: number): string {
  return `a part 0x${kind.toString(16).padStart(4, '0')} that is not as it should be`;
}

function broken(at: number, what: string): Decoded {
  return refused('TERR_INTAKE_DECODE', `at byte ${at} of the packet there is ${what}`);
}

function unprotected(level: number): string {
  const asked = level === levels.encrypt ? 'encrypted' : 'signed or encrypted';
  return `it is not ${asked}, and intakes.collectd.securityLevel asks for that`;
}
