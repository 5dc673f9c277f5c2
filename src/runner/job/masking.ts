const mask = Buffer.from('***');
/** Lines of a secret of several lines are masked alone when they have as many characters. */
const leastLine = 8;

/**
 * Hides secrets in a stream of bytes, also those that come in pieces: what may be the beginning of
 * one is kept back until it is known. The leftmost one counts, and at one place the longest.
 */
export class Masking {
  /** The longest first. */
  readonly #secrets: readonly Buffer[];
  #held: Buffer = Buffer.alloc(0);

  /** @param secrets texts; their lines, and how they stand in addresses and in JSON, count too */
  constructor(secrets: readonly string[]) {
    this.#secrets = formsOf(secrets)
      .map((text) => Buffer.from(text))
      .toSorted((a, b) => b.length - a.length);
  }

  /** What can be shown now of this and of what was kept back. */
  take(piece: Buffer): Buffer {
    const bytes = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
    const { shown, rest } = this.#scan(bytes, true);
    // Copied: what is read from a pipe is part of something larger.
    this.#held = Buffer.from(rest);
    return shown;
  }

  /** What was kept back, when nothing more comes. The half of a secret is masked as well. */
  end(): Buffer {
    const held = this.#held;
    this.#held = Buffer.alloc(0);
    const revealing = this.#secrets.some((s) => held.length * 2 >= s.length && startsWith(s, held));
    // A whole one may stand within what began like another.
    return held.length > 0 && revealing ? mask : this.#scan(held, false).shown;
  }

  #scan(bytes: Buffer, more: boolean): { readonly shown: Buffer; readonly rest: Buffer } {
    const shown: Buffer[] = [];
    const next = this.#secrets.map((s) => found(bytes, s, 0));
    let from = 0;
    let held = more ? this.#beginning(bytes, 0) : bytes.length;
    for (;;) {
      const at = Math.min(bytes.length, ...next);
      // One that may come to an end later begins before it, or is longer than it.
      if (at >= held || at === bytes.length) break;
      shown.push(bytes.subarray(from, at), mask);
      from = at + (this.#secrets[next.indexOf(at)]?.length ?? 1);
      for (const [i, secret] of this.#secrets.entries())
        if ((next[i] ?? 0) < from) next[i] = found(bytes, secret, from);
      if (held < from) held = this.#beginning(bytes, from);
    }
    shown.push(bytes.subarray(from, held));
    return { shown: Buffer.concat(shown), rest: bytes.subarray(held) };
  }

  /** Where the first secret begins that would go on behind the end; the end when there is none. */
  #beginning(bytes: Buffer, from: number): number {
    let first = bytes.length;
    for (const secret of this.#secrets) {
      let at = Math.max(from, bytes.length - secret.length + 1);
      for (; at < first; at++) {
        at = bytes.indexOf(secret[0] ?? 0, at);
        if (at < 0) break;
        if (startsWith(secret, bytes.subarray(at))) {
          first = Math.min(first, at);
          break;
        }
      }
    }
    return first;
  }
}

function startsWith(secret: Buffer, bytes: Buffer): boolean {
  return bytes.length <= secret.length && secret.subarray(0, bytes.length).equals(bytes);
}

function found(bytes: Buffer, secret: Buffer, from: number): number {
  const at = bytes.indexOf(secret, from);
  return at < 0 ? Infinity : at;
}

/** A secret as programs print it: as it is, line by line, in an address, in JSON. */
function formsOf(secrets: readonly string[]): readonly string[] {
  // Halves of surrogate pairs have no bytes, and no place in an address.
  const texts = secrets.map((secret) => Buffer.from(secret).toString());
  const forms = texts.flatMap((secret) => [
    secret,
    secret.trim(),
    ...secret
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line.length >= leastLine),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ]);
  return [...new Set(forms)].filter((form) => form !== '');
}
