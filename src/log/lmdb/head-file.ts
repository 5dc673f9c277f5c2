import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { StreamName } from '../../event/event.ts';

const size = 24;

/**
 * Tells readers in other threads and processes how far the log is durable. LMDB shows them a
 * commit before it is on disk, and what a power cut takes away again must never have been read.
 * The file is not flushed: only its writer's life matters, and every start writes it anew.
 */
export class HeadFile {
  readonly #fd: number;
  readonly #buffer = Buffer.alloc(size);

  /** Throws ENOENT for a reader when no writer ever ran here. */
  constructor(dir: string, role: 'writer' | 'reader') {
    this.#fd = openSync(join(dir, 'head'), role === 'writer' ? 'a+' : 'r');
    if (role === 'reader') return;
    closeSync(this.#fd);
    this.#fd = openSync(join(dir, 'head'), 'r+');
    ftruncateSync(this.#fd, size);
  }

  /** Both next offsets, in place: 24 bytes in one write, so no new block is ever needed. */
  publish(next: Readonly<Record<StreamName, number>>): void {
    this.#buffer.writeDoubleLE(next.facts, 0);
    this.#buffer.writeDoubleLE(next.readings, 8);
    this.#buffer.writeUInt32LE(crc32(this.#buffer.subarray(0, 16)), 16);
    writeSync(this.#fd, this.#buffer, 0, size, 0);
  }

  /** What was published last; undefined when it is being written this instant or never was. */
  look(): Readonly<Record<StreamName, number>> | undefined {
    const read = readSync(this.#fd, this.#buffer, 0, size, 0);
    if (read < size) return undefined;
    if (this.#buffer.readUInt32LE(16) !== crc32(this.#buffer.subarray(0, 16))) return undefined;
    return { facts: this.#buffer.readDoubleLE(0), readings: this.#buffer.readDoubleLE(8) };
  }

  close(): void {
    closeSync(this.#fd);
  }
}
