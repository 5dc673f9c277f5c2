const slots = 4_096;
const longest = 128;

interface Slot {
  readonly bytes: Buffer;
  readonly text: string;
}

/**
 * Names that come again and again in binary protocols: each is decoded from UTF-8 once and then
 * found by its bytes, several times faster. Bounded: a name that falls on another one's place takes it.
 */
export class RecentTexts {
  readonly #slots: (Slot | undefined)[] = Array.from({ length: slots });

  /** The text of the bytes in [start, end). */
  of(bytes: Buffer, start: number, end: number): string {
    if (end - start > longest) return bytes.toString('utf8', start, end);
    let hash = end - start;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (bytes[i] ?? 0)) | 0;
    const place = (hash ^ (hash >>> 15)) & (slots - 1);
    const slot = this.#slots[place];
    if (slot !== undefined && isSame(slot.bytes, bytes, start, end)) return slot.text;
    const text = bytes.toString('utf8', start, end);
    this.#slots[place] = { bytes: Buffer.from(bytes.subarray(start, end)), text };
    return text;
  }
}

function isSame(known: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false;
  return true;
}
