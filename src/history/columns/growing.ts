/** Bytes written one after another; the memory is kept for the next block. */
export class GrowingBytes {
  bytes: Uint8Array;
  length = 0;

  constructor(initial = 4096) {
    this.bytes = new Uint8Array(initial);
  }

  append(from: Uint8Array, start: number, end: number): void {
    const size = end - start;
    if (this.length + size > this.bytes.length) this.#grow(this.length + size);
    const { bytes } = this;
    // `set(subarray)` costs more than this loop for the few bytes of a usual text.
    if (size > 64) bytes.set(from.subarray(start, end), this.length);
    else for (let i = 0; i < size; i++) bytes[this.length + i] = from[start + i] as number; // in range
    this.length += size;
  }

  view(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  /** Forgets the content; memory over `keep` bytes is given back. */
  clear(keep = 1 << 22): void {
    this.length = 0;
    if (this.bytes.length > keep) this.bytes = new Uint8Array(keep);
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}

/** 32-bit integers written one after another; the memory is kept for the next block. */
export class GrowingInts {
  ints: Int32Array<ArrayBuffer>;
  length = 0;

  constructor(initial = 1024) {
    this.ints = new Int32Array(initial);
  }

  push(value: number): void {
    if (this.length === this.ints.length) {
      const larger = new Int32Array(this.ints.length * 2);
      larger.set(this.ints);
      this.ints = larger;
    }
    this.ints[this.length++] = value;
  }

  view(): Int32Array<ArrayBuffer> {
    return this.ints.subarray(0, this.length);
  }

  /** Forgets the content; memory over `keep` integers is given back. */
  clear(keep = 1 << 20): void {
    this.length = 0;
    if (this.ints.length > keep) this.ints = new Int32Array(keep);
  }
}
