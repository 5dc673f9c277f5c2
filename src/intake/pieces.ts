const least = 1_024;

/**
 * Bytes of one message that come in pieces, in a buffer that doubles: one that comes byte by byte
 * costs neither more copies nor more memory than another.
 */
export class Pieces {
  #bytes = Buffer.alloc(0);
  length = 0;

  /** Copies it: what is read from a socket is part of something larger. */
  add(piece: Buffer): void {
    if (piece.length === 0) return;
    const length = this.length + piece.length;
    if (length > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(least, 2 ** Math.ceil(Math.log2(length))));
      this.#bytes.copy(grown, 0, 0, this.length);
      this.#bytes = grown;
    }
    piece.copy(this.#bytes, this.length);
    this.length = length;
  }

  /** All of them with one more behind; there are none then. */
  take(last: Buffer): Buffer {
    if (this.length === 0) return last;
    this.add(last);
    const whole = this.#bytes.subarray(0, this.length);
    this.clear();
    return whole;
  }

  clear(): void {
    this.#bytes = Buffer.alloc(0);
    this.length = 0;
  }
}
