import { parseDuration } from '../../../event/quantity.ts';
import { type Arrow, type Word, arrows, wordsOf } from './edge-words.ts';

/** One or more names at one end of an arrow. */
export interface End {
  readonly at: number;
  /** Ids, globs, `group:web`, `process:checkout`. */
  readonly names: readonly { readonly text: string; readonly at: number }[];
  /** As written, with one space behind each comma. */
  readonly text: string;
  /** So many of them. */
  readonly need?: { readonly count: number; readonly at: number };
  /** ms */
  readonly after?: { readonly ms: number; readonly at: number };
}

/** `a -> b => c`: one end more than arrows. */
export interface Chain {
  readonly ends: readonly End[];
  readonly arrows: readonly { readonly sign: Arrow; readonly at: number }[];
}

/** `shop`, `~mail`, `web/* need 2` */
export interface Need {
  readonly soft: boolean;
  readonly end: End;
}

/** What can not be understood; `at` counts UTF-16 units of the text. */
export interface Slip {
  readonly at: number;
  readonly wrong: string;
}

/** Reads lines of edges, apart by `;` or line ends. Of each that is wrong the first slip is told. */
export function parseEdges(text: string): readonly (Chain | Slip)[] {
  const reader = new WordReader(text);
  const found: (Chain | Slip)[] = [];
  while (!reader.atEnd()) {
    if (reader.take(';', '\n')) continue;
    const slip = reader.tryTo(() => found.push(chainIn(reader)));
    if (slip === undefined) continue;
    found.push(slip);
    reader.skipTo(';', '\n');
  }
  return found;
}

/** Reads one need of a process. */
export function parseNeed(text: string): Need | Slip {
  const reader = new WordReader(text);
  const found: Need[] = [];
  const slip = reader.tryTo(() => {
    const soft = reader.take('~') !== undefined;
    const end = endIn(reader);
    if (!reader.atEnd())
      reader.fail('one need ends here; the next one is another element of the list');
    if (end.after) throw new Slipped(end.after.at, '"after" is for escalations, "^>"');
    if (soft && end.need) throw new Slipped(end.need.at, '"need" counts what is needed, not "~"');
    found.push({ soft, end });
  });
  return slip ?? found[0] ?? { at: 0, wrong: 'nothing is said' };
}

function chainIn(reader: WordReader): Chain {
  const ends = [endIn(reader)];
  const signs: { sign: Arrow; at: number }[] = [];
  while (!reader.atEnd() && !reader.is(';', '\n')) {
    const { kind, text, at } = reader.next();
    if (kind !== 'arrow') throw new Slipped(at, `here is "${text}" where ${arrowsAre}`);
    signs.push({ sign: text as Arrow, at }); // its kind says so
    ends.push(endIn(reader));
    checkEnd(ends.at(-1), text as Arrow);
  }
  if (signs.length === 0) reader.fail(`an edge has two ends: ${arrowsAre}`);
  checkEnd(ends[0], undefined);
  return { ends, arrows: signs };
}

const arrowsAre =
  '"->" (flow), "=>" (hard need), "~>" (soft need) or "^>" (escalation) is expected';

function checkEnd(end: End | undefined, arrow: Arrow | undefined): void {
  if (end?.need && arrow !== '=>')
    throw new Slipped(end.need.at, '"need" stands behind what is needed: lb => web/* need 2');
  if (end?.after && arrow !== '^>')
    throw new Slipped(
      end.after.at,
      '"after" stands behind an escalation: helpdesk ^> dba after 30m',
    );
}

function endIn(reader: WordReader): End {
  const { at } = reader.peek();
  const braces = reader.take('{') !== undefined;
  const names = braces ? namesIn(reader) : [nameIn(reader)];
  const plain = names.map(({ text }) => text).join(', ');
  const text = braces ? `{${plain}}` : plain;
  let end: End = { at, names, text };
  for (let more = moreIn(reader, end); more; more = moreIn(reader, end)) end = more;
  return end;
}

function moreIn(reader: WordReader, end: End): End | undefined {
  const { text, at } = reader.peek();
  if (text === 'need' && end.need === undefined) {
    reader.next();
    const count = reader.next();
    const number = Number(count.text);
    if (!/^\d+$/.test(count.text) || number < 1 || number > 100_000)
      throw new Slipped(count.at, 'how many are needed is a whole number from 1 on');
    return { ...end, need: { count: number, at } };
  }
  if (text === 'after' && end.after === undefined) {
    reader.next();
    const time = reader.next();
    const ms = parseDuration(time.text);
    if (ms === undefined || ms <= 0 || !Number.isSafeInteger(ms))
      throw new Slipped(time.at, '"after" is a duration such as 30m or 2h');
    return { ...end, after: { ms, at } };
  }
  return undefined;
}

function namesIn(reader: WordReader): Word[] {
  const names = [nameIn(reader)];
  while (reader.take(',')) names.push(nameIn(reader));
  if (!reader.take('}')) reader.fail('a "}" or a comma is missing');
  return names;
}

function nameIn(reader: WordReader): Word {
  const word = reader.next();
  if (word.kind === 'word') return word;
  const here = word.kind === 'end' || word.text === '\n' ? 'it ends' : `here is "${word.text}"`;
  throw new Slipped(word.at, `${here} where the id of a node is expected`);
}

class Slipped extends Error {
  readonly at: number;

  constructor(at: number, wrong: string) {
    super(wrong);
    this.at = at;
  }
}

class WordReader {
  readonly #words: readonly Word[];
  #next = 0;

  constructor(text: string) {
    this.#words = wordsOf(text);
  }

  peek(): Word {
    return this.#words[this.#next] ?? { kind: 'end', text: '', at: 0 };
  }

  next(): Word {
    const word = this.peek();
    if (word.kind !== 'end') this.#next++;
    return word;
  }

  atEnd(): boolean {
    return this.peek().kind === 'end';
  }

  is(...signs: readonly string[]): boolean {
    const { kind, text } = this.peek();
    return kind === 'sign' && signs.includes(text);
  }

  take(...signs: readonly string[]): Word | undefined {
    return this.is(...signs) ? this.next() : undefined;
  }

  skipTo(...signs: readonly string[]): void {
    while (!this.atEnd() && !this.is(...signs)) this.next();
  }

  fail(wrong: string): never {
    throw new Slipped(this.peek().at, wrong);
  }

  tryTo(read: () => void): Slip | undefined {
    try {
      read();
      return undefined;
    } catch (error) {
      if (!(error instanceof Slipped)) throw error;
      return { at: error.at, wrong: error.message };
    }
  }
}

/** What the arrow of a chain stands for. */
export const kindOf = (sign: Arrow) => arrows[sign];
