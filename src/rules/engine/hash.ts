/**
 * FNV-1a over 32-bit units in two lanes. Not cryptographic: it tells apart what rules decide, and the
 * operators of one rule.
 */
class Hash {
  #a = 0x811c9dc5;
  #b = 0x9dc5811c;

  /** 16 hexadecimal digits. */
  get text(): string {
    const a = this.#a;
    const b = this.#b;
    return hex(a ^ (a >>> 15)) + hex(b ^ (b >>> 13));
  }

  unit(unit: number): void {
    this.#a = Math.imul(this.#a ^ unit, 0x01000193);
    this.#b = Math.imul(this.#b ^ unit ^ (this.#a >>> 13), 0x85ebca6b);
  }

  /** The UTF-16 code units of a text. */
  units(text: string): void {
    for (let i = 0; i < text.length; i++) this.unit(text.charCodeAt(i));
  }
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}

/** Of a text, as 16 hexadecimal digits. */
export function hashText(text: string): string {
  const hash = new Hash();
  hash.units(text);
  return hash.text;
}

/**
 * Of plain data, as 16 hexadecimal digits: the same for what JSON writes the same. Without writing it
 * as JSON first, which costs twice as much (a rule may decide at each event).
 */
export function hashOf(value: unknown): string {
  const hash = new Hash();
  add(hash, value);
  return hash.text;
}

/** What kind of value follows, and how long it is, so that no two read the same. */
const kinds = { text: 1, number: 2, list: 3, object: 4, end: 5, yes: 6, no: 7, nothing: 8 };

function add(hash: Hash, value: unknown): void {
  if (typeof value === 'string') addText(hash, value);
  else if (typeof value === 'number') addNumber(hash, value);
  else if (typeof value === 'boolean') hash.unit(value ? kinds.yes : kinds.no);
  else if (Array.isArray(value)) {
    hash.unit(kinds.list);
    for (const item of value as readonly unknown[]) add(hash, item);
    hash.unit(kinds.end);
  } else if (typeof value === 'object' && value !== null) addObject(hash, value);
  else hash.unit(kinds.nothing);
}

function addObject(hash: Hash, value: object): void {
  hash.unit(kinds.object);
  for (const name in value) {
    const held = (value as Readonly<Record<string, unknown>>)[name];
    if (held === undefined) continue; // as JSON leaves it out
    addText(hash, name);
    add(hash, held);
  }
  hash.unit(kinds.end);
}

function addText(hash: Hash, text: string): void {
  hash.unit(kinds.text);
  hash.unit(text.length);
  hash.units(text);
}

const double = new DataView(new ArrayBuffer(8));

function addNumber(hash: Hash, value: number): void {
  double.setFloat64(0, value + 0); // no negative zero
  hash.unit(kinds.number);
  hash.unit(double.getInt32(0));
  hash.unit(double.getInt32(4));
}
