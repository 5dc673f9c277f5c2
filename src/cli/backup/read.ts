import { createHash } from 'node:crypto';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { Batch } from '../../event/batch.ts';
import type { StreamName } from '../../event/event.ts';
import { cliErrors } from '../errors.ts';
import { BatchHeader, Header, Trailer, exportFormat } from './format.ts';

/** A whole line is at most this long before its end must have been seen. */
const maxLine = 1_000_000;

/** Takes lines and runs of bytes from chunks of any size. */
class Bytes {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #held = Buffer.alloc(0);
  #at = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next line without its end; undefined at the end of the input. */
  async line(): Promise<Buffer | undefined> {
    let end = this.#held.indexOf(10, this.#at);
    while (end < 0) {
      const seen = this.#held.length;
      if (seen - this.#at > maxLine || !(await this.#more())) return undefined;
      end = this.#held.indexOf(10, this.#at);
    }
    const line = this.#held.subarray(this.#at, end);
    this.#at = end + 1;
    return line;
  }

  /** Exactly so many bytes; undefined when the input ends before. */
  async take(length: number): Promise<Buffer | undefined> {
    while (this.#held.length - this.#at < length) if (!(await this.#more())) return undefined;
    const bytes = this.#held.subarray(this.#at, this.#at + length);
    this.#at += length;
    return bytes;
  }

  async #more(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done === true) return false;
    this.#held = Buffer.concat([this.#held.subarray(this.#at), next.value]);
    this.#at = 0;
    return true;
  }
}

/**
 * The batches of an export, checked as they are read: the header's version, the offsets of each
 * stream without a gap, the counts and the checksum of the trailer. Throws TERR_CLI_EXPORT_FILE.
 */
export async function* readExport(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Batch, Header> {
  const input = new Bytes(chunks);
  const hash = createHash('sha256');
  const header = await readHeader(input, hash);
  const next: Partial<Record<StreamName, number>> = {};
  const events = { facts: 0, readings: 0 };
  for (;;) {
    const line = await input.line();
    if (line === undefined) throw broken('ends early: the copy or the export was cut off');
    const value = parse(line);
    if (Value.Check(Trailer, value)) {
      const counted =
        value.events.facts === events.facts && value.events.readings === events.readings;
      if (!counted || value.sha256 !== hash.digest('hex'))
        throw broken('was changed or damaged: its checksum or counts do not fit');
      return header;
    }
    const at = shaped(BatchHeader, value, 'has a line where a batch should start');
    hash.update(line).update('\n');
    const bytes = await input.take(at.bytes);
    if (bytes === undefined) throw broken('ends early: the copy or the export was cut off');
    hash.update(bytes);
    if (at.first !== (next[at.stream] ?? at.first) || countLines(bytes) !== at.count)
      throw broken(`has a gap before ${at.stream} ${at.first}`);
    next[at.stream] = at.first + at.count;
    events[at.stream] += at.count;
    const { stream, first, count, received, source } = at;
    yield { stream, first, count, received, source, bytes };
  }
}

async function readHeader(input: Bytes, hash: ReturnType<typeof createHash>): Promise<Header> {
  const line = await input.line();
  const header = shaped(
    Header,
    line === undefined ? undefined : parse(line),
    'does not start as an export of Territory does',
  );
  if (header.format > exportFormat)
    throw broken(
      `has format ${header.format}; this version of Territory reads up to ${exportFormat}: take a newer one`,
    );
  if (line !== undefined) hash.update(line).update('\n');
  return header;
}

function parse(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    return undefined;
  }
}

function shaped<T extends TSchema>(schema: T, value: unknown, otherwise: string) {
  if (!Value.Check(schema, value)) throw broken(otherwise);
  return value;
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return bytes.at(-1) === 10 ? count : -1;
}

const broken = (why: string): Error => cliErrors('EXPORT_FILE', `the file ${why}`);
