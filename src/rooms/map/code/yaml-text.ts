import { type CST, Composer, type Document, LineCounter, Parser } from 'yaml';
import { unveil, veil } from './brackets.ts';
import { MapReader } from './reader.ts';

/** UTF-16 units of a map, or of what it imports. */
export const maxText = 900_000;
/** Collections within each other. Composing is recursive; a deep text would end the process. */
const maxDepth = 60;
const mostDocuments = 2_000;

/** The documents of a text of YAML, and what is wrong with them. */
export interface YamlText {
  readonly reader: MapReader;
  /** Empty when it is no YAML. */
  readonly documents: readonly Document.Parsed[];
}

/** Reads YAML without ever throwing: what is wrong is a fault with its place. */
export function readYaml(file: string, given: string): YamlText {
  const lines = new LineCounter();
  const text = veil(given.replace(/^\uFEFF/, ''));
  const reader = new MapReader(file, text, lines);
  const none = { reader, documents: [] };
  if (text.length > maxText) {
    reader.error(0, `a map has at most ${maxText.toLocaleString('en')} characters`);
    return none;
  }
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const deep = tooDeep(tokens);
  if (deep !== undefined) {
    reader.error(deep, `there are more than ${maxDepth} collections within each other`);
    return none;
  }
  // Keys are told twice with the place of the first one, by those who read them.
  const composer = new Composer({ lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const documents: Document.Parsed[] = [];
  for (const document of composer.compose(tokens, true, text.length)) {
    documents.push(document as Document.Parsed); // what a composer makes is parsed
    tellErrors(reader, document.errors);
    if (reader.errors > 0 || documents.length >= mostDocuments) break;
  }
  return reader.errors > 0 ? none : { reader, documents };
}

/** The first of each line: the others follow from it. */
function tellErrors(reader: MapReader, errors: Document.Parsed['errors']): void {
  const lines = new Set<number>();
  for (const { pos, message } of errors) {
    const { line } = reader.place(pos[0]);
    if (!lines.has(line)) reader.error(pos[0], wordsOf(message));
    lines.add(line);
  }
}

const wordsOf = (message: string): string => {
  const plain = unveil(message).replace(/\s+/g, ' ').trim();
  return `this is no YAML: ${plain.charAt(0).toLowerCase()}${plain.slice(1)}`;
};

/** The offset of a collection that is nested too deeply. */
function tooDeep(tokens: readonly CST.Token[]): number | undefined {
  const waiting = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { token, depth } = next;
    if (depth > maxDepth) return token.offset;
    for (const inner of innerOf(token)) waiting.push({ token: inner, depth: depth + 1 });
  }
  return undefined;
}

function innerOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : [];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [key ?? [], value ?? []].flat());
}
