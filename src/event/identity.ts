/**
 * The 64-bit hash of an event's identity, (source, id), by which the log drops duplicates: the two
 * lanes of MurmurHash3 x86 that x86_128 mixes, cut to two, over the UTF-8 bytes
 * `source 0x00 id`. Not cryptographic: who can choose ids can make two of them collide, but only
 * within a source that he may send as.
 *
 * One hasher is one running state, used again and again: nothing is allocated. In order: `start`
 * (or `startBytes`), `text` or `bytes` for the parts of the id, `finish`; then read `high` and
 * `low`. They are never both 0: that means "no id" in `Lines.identities`.
 */
export class IdentityHash {
  high = 0;
  low = 0;
  #a = 0;
  #b = 0;
  #word = 0;
  #length = 0;
  /** The state after the source used last: most batches have one source for all their events. */
  #source: string | undefined;
  #saved = { a: 0, b: 0, word: 0, length: 0 };

  /** Begins with a source given as a string. */
  start(source: string): void {
    const saved = this.#saved;
    if (source === this.#source) {
      this.#a = saved.a;
      this.#b = saved.b;
      this.#word = saved.word;
      this.#length = saved.length;
      return;
    }
    this.#reset();
    this.text(source);
    this.#byte(0);
    this.#source = source;
    saved.a = this.#a;
    saved.b = this.#b;
    saved.word = this.#word;
    saved.length = this.#length;
  }

  /** Begins with a source given as the UTF-8 bytes `from` to `to` (exclusive) of `buffer`. */
  startBytes(buffer: Uint8Array, from: number, to: number): void {
    this.#reset();
    this.bytes(buffer, from, to);
    this.#byte(0);
  }

  /** Mixes in the bytes `from` to `to` (exclusive). */
  bytes(buffer: Uint8Array, from: number, to: number): void {
    for (let at = from; at < to; at++) this.#byte(buffer[at] ?? 0);
  }

  /** Mixes in the UTF-8 form of a string; half a surrogate pair counts as U+FFFD, as in Buffer. */
  text(text: string): void {
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit < 0x80) this.#byte(unit);
      else {
        const point = text.codePointAt(at) ?? 0;
        if (point > 0xffff) at++;
        this.#point(point >= 0xd800 && point <= 0xdfff ? 0xfffd : point);
      }
    }
  }

  /** Ends the hash and sets `high` and `low`. */
  finish(): void {
    let a = this.#a;
    let b = this.#b;
    if (this.#length & 3) {
      a ^= scrambleA(this.#word);
      b ^= scrambleB(this.#word);
    }
    a = avalanche((a ^ this.#length) + (b ^ this.#length));
    b = avalanche((b ^ this.#length) + a);
    this.high = (a + b) >>> 0;
    this.low = b >>> 0;
    if (this.high === 0 && this.low === 0) this.low = 1;
  }

  #reset(): void {
    this.#a = 0x9747b28c;
    this.#b = 0x85ebca6b;
    this.#word = 0;
    this.#length = 0;
  }

  /** The UTF-8 bytes of a code point from U+0080. */
  #point(point: number): void {
    if (point < 0x800) this.#byte(0xc0 | (point >> 6));
    else {
      if (point < 0x10000) this.#byte(0xe0 | (point >> 12));
      else {
        this.#byte(0xf0 | (point >> 18));
        this.#byte(0x80 | ((point >> 12) & 0x3f));
      }
      this.#byte(0x80 | ((point >> 6) & 0x3f));
    }
    this.#byte(0x80 | (point & 0x3f));
  }

  #byte(byte: number): void {
    const word = this.#word | (byte << ((this.#length & 3) << 3));
    this.#length++;
    if (this.#length & 3) {
      this.#word = word;
      return;
    }
    this.#word = 0;
    const a = rotate(this.#a ^ scrambleA(word), 19);
    const b = rotate(this.#b ^ scrambleB(word), 17);
    this.#a = (Math.imul((a + this.#b) | 0, 5) + 0x561ccd1b) | 0;
    this.#b = (Math.imul((b + this.#a) | 0, 5) + 0x0bcaa747) | 0;
  }
}

/** The identity of one event: `[high, low]`; [0, 0] without an id. */
export function identityOf(source: string, id: string | undefined): readonly [number, number] {
  if (id === undefined) return [0, 0];
  const hash = new IdentityHash();
  hash.start(source);
  hash.text(id);
  hash.finish();
  return [hash.high, hash.low];
}

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));
const scrambleA = (k: number): number =>
  Math.imul(rotate(Math.imul(k, 0x239b961b), 15), 0xab0e9789);
const scrambleB = (k: number): number =>
  Math.imul(rotate(Math.imul(k, 0xab0e9789), 16), 0x38b34ae5);

/** fmix32 of MurmurHash3. */
function avalanche(x: number): number {
  let h = x;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
