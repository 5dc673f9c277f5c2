/**
 * Bytes put together from pieces of other buffers. While the pieces follow each other in one
 * buffer nothing is copied: the result is a view of it.
 */
export class ByteRuns {
  #source: Buffer | undefined;
  #start = 0;
  #end = 0;
  #copy: Buffer | undefined;
  #length = 0;

  /** Adds the bytes `start`..`end` of a buffer that is not changed any more. */
  add(bytes: Buffer, start: number, end: number): void {
    if (this.#copy === undefined) {
      if (this.#source === undefined) {
        this.#source = bytes;
        this.#start = start;
        this.#end = end;
        return;
      }
      if (bytes === this.#source && start === this.#end) {
        this.#end = end;
        return;
      }
    }
    const copy = this.#room(end - start);
    bytes.copy(copy, this.#length, start, end);
    this.#length += end - start;
  }

  /** Everything added so far, in order. */
  bytes(): Buffer {
    if (this.#copy !== undefined) return this.#copy.subarray(0, this.#length);
    return this.#source?.subarray(this.#start, this.#end) ?? Buffer.alloc(0);
  }

  /** The buffer of our own with at least `more` bytes of room. */
  #room(more: number): Buffer {
    const held = this.bytes();
    if (this.#copy !== undefined && this.#copy.length >= held.length + more) return this.#copy;
    const grown = Buffer.allocUnsafe(Math.max(1024, 2 * (held.length + more)));
    held.copy(grown);
    this.#copy = grown;
    this.#length = held.length;
    return grown;
  }
}
