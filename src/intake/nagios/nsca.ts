import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Decoded, refused } from '../decoded.ts';
import { intakeErrors } from '../errors.ts';
import type { ListenerContext, SocketProtocol, StreamDecoder } from '../sockets/protocol.ts';
import { unescapeLines } from '../../event/plugin-output.ts';
import { eventsOf } from './check-result.ts';
import { greetingOf, isWhole, ivSize, packetSizes, readPacket, unXor } from './packet.ts';

/** NSCA: results that `send_nsca` and its like bring over TCP. */
export const nsca: SocketProtocol = {
  name: 'nagios',
  title: 'Nagios passive results (NSCA)',
  port: 5667,
  transports: ['tcp'],
  open: (context) => {
    const keys = keysOf(context);
    return { connection: () => new NscaDecoder(keys, context.now) };
  },
};

interface Keys {
  /** Undefined: none is set, so that packets may come without encryption. */
  readonly password: Buffer | undefined;
  /** ms; 0: any age. */
  readonly maxAge: number;
}

/** As `max_packet_age` of nsca, ms. */
const defaultAge = 30_000;

function keysOf({ settings }: ListenerContext): Keys {
  const { passwordFile, maxPacketAge } = settings;
  const maxAge = typeof maxPacketAge === 'number' ? maxPacketAge : defaultAge;
  if (typeof passwordFile !== 'string') return { password: undefined, maxAge };
  try {
    const [line = ''] = readFileSync(passwordFile, 'utf8').split(/\r?\n/, 1);
    return { password: Buffer.from(line), maxAge };
  } catch (cause) {
    const message = `intakes.nagios.passwordFile can not be read: ${String(cause)}`;
    throw intakeErrors('SOURCE', message, { cause });
  }
}

const noPassword = Buffer.alloc(0);

/** One connection: a greeting, then packets, each a result. nsca answers nothing, nor do we. */
export class NscaDecoder implements StreamDecoder {
  readonly #keys: Keys;
  readonly #now: () => number;
  readonly #iv = randomBytes(ivSize);
  #rest: Buffer = noPassword;
  /** Known from the first whole packet on. */
  #size: number | undefined;
  /** The rest was looked at as a packet of the old size, and is none. */
  #notOld = false;

  constructor(keys: Keys, now: () => number) {
    this.#keys = keys;
    this.#now = now;
  }

  greeting(): Uint8Array {
    return greetingOf(this.#iv, Math.floor(this.#now() / 1000));
  }

  *data(chunk: Buffer): Generator<Decoded> {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const packet = this.#next(bytes);
      if (packet === undefined) break;
      bytes = bytes.subarray(packet.length);
      yield* this.#decode(packet);
    }
    // A copy: the chunk that it lies in may be large.
    this.#rest = Buffer.from(bytes);
  }

  *end(): Generator<Decoded> {
    const left = this.#rest.length;
    if (left === 0) return;
    const message = `The connection ended within a packet: ${left} bytes of ${this.#size ?? packetSizes.now}.`;
    yield refused('TERR_INTAKE_DECODE', message);
  }

  /** The next packet in plain; undefined when it is not there yet. Throws when there is none. */
  #next(bytes: Buffer): Buffer | undefined {
    const { now, before } = packetSizes;
    if (this.#size === undefined && !this.#notOld && bytes.length >= before) {
      const old = this.#open(bytes.subarray(0, before));
      if (old !== undefined) {
        this.#size = before;
        return old;
      }
      this.#notOld = true;
    }
    const size = this.#size ?? now;
    if (bytes.length < size) return undefined;
    const packet = this.#open(bytes.subarray(0, size));
    if (packet === undefined) throw wrongChecksum(this.#keys.password !== undefined);
    this.#size = size;
    return packet;
  }

  #open(bytes: Buffer): Buffer | undefined {
    const { password } = this.#keys;
    // With a password set, what comes without one is forged, or from a client that must be told.
    if (password === undefined && isWhole(bytes)) return bytes;
    const plain = unXor(bytes, this.#iv, password ?? noPassword);
    return isWhole(plain) ? plain : undefined;
  }

  *#decode(bytes: Buffer): Generator<Decoded> {
    const { version, timestamp, returnCode, host, service, output } = readPacket(bytes);
    if (version !== 3)
      throw intakeErrors('DECODE', `The packet is of version ${version}, and 3 is known.`);
    const wrong = this.#wrongAge(timestamp);
    if (wrong !== undefined) {
      const sample = `${host};${service};${returnCode};${output}`.slice(0, 500);
      yield refused('TERR_INTAKE_DECODE', wrong, { field: 'timestamp', sample });
      return;
    }
    yield* eventsOf({
      host,
      service: service === '' ? undefined : service,
      code: returnCode,
      output: unescapeLines(output),
      // The packet only repeats our own greeting, which says when the connection was opened.
      time: undefined,
    });
  }

  /** As nsca does: what is older may be a packet that somebody recorded. */
  #wrongAge(timestamp: number): string | undefined {
    const { maxAge } = this.#keys;
    const age = Math.floor(this.#now() / 1000) - timestamp;
    if (age < 0)
      return `The packet is dated ${-age} s ahead: it must repeat the time of the greeting.`;
    if (maxAge === 0 || age * 1000 <= maxAge) return undefined;
    return `The packet is ${age} s old, and intakes.nagios.maxPacketAge is ${maxAge / 1000} s: connect anew for each result.`;
  }
}

function wrongChecksum(withPassword: boolean): Error {
  const known = withPassword
    ? 'method 1 (XOR) with the password of intakes.nagios.passwordFile'
    : 'methods 0 (none) and 1 (XOR) without a password';
  const message = `The checksum is wrong: the sender has another password or encryption method. Known here: ${known}.`;
  return intakeErrors('SIGNATURE', message);
}
