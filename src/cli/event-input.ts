import { TextDecoder } from 'node:util';
import type { Parcel } from './delivery.ts';
import { cliErrors } from './errors.ts';

/** How the events of an input are told apart: NDJSON lines, or the items of one JSON document. */
export type Place = 'line' | 'item';

export interface InputParcel extends Parcel {
  readonly place: Place;
}

/** A JSON array is read whole. */
const maxDocument = 256 * 1024 * 1024;
const maxLine = 16 * 1024 * 1024;
const maxParcel = 5_000;

/**
 * Reads NDJSON, or one JSON document (an array of events or one event), and gives every event
 * without an id one: the prefix and its place. A chunk of NDJSON becomes a parcel as it comes, so
 * that a slow producer's lines do not wait. Throws TERR_CLI_INPUT.
 */
export async function* readEvents(
  chunks: AsyncIterable<Uint8Array>,
  idPrefix: string,
): AsyncGenerator<InputParcel> {
  const input = chunks[Symbol.asyncIterator]();
  const decoder = new TextDecoder();
  let text = '';
  while (text.trim() === '') {
    // oxlint-disable-next-line no-await-in-loop -- a stream is read in order
    const next = await input.next();
    if (next.done === true) return;
    text += decoder.decode(next.value, { stream: true });
  }
  if (startsDocument(text)) yield* readDocument(input, decoder, { text, idPrefix });
  else yield* readLines(input, decoder, { text, idPrefix });
}

interface Start {
  /** Read so far. */
  readonly text: string;
  readonly idPrefix: string;
}

/** An array, or an object printed over several lines. */
function startsDocument(text: string): boolean {
  return /^\s*\[/.test(text) || /^\s*\{[ \t]*\r?\n/.test(text);
}

async function* readDocument(
  input: AsyncIterator<Uint8Array>,
  decoder: TextDecoder,
  start: Start,
): AsyncGenerator<InputParcel> {
  let { text } = start;
  for (let next = await input.next(); next.done !== true; next = await input.next()) {
    text += decoder.decode(next.value, { stream: true });
    if (text.length > maxDocument)
      throw cliErrors('INPUT', 'the JSON document is over 256 MiB; send it as NDJSON, a line each');
  }
  const document = parseDocument(text);
  const items: readonly unknown[] = Array.isArray(document) ? document : [document];
  for (let first = 0; first < items.length; first += 1_000) {
    const part = items.slice(first, first + 1_000);
    const places = part.map((_, index) => first + index + 1);
    const lines = part.map((item, index) =>
      withId(JSON.stringify(item), `${start.idPrefix}${first + index + 1}`),
    );
    yield { lines, places, place: 'item' };
  }
}

function parseDocument(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw cliErrors('INPUT', `the input is not JSON: ${String(error)}`, { cause: error });
  }
}

async function* readLines(
  input: AsyncIterator<Uint8Array>,
  decoder: TextDecoder,
  start: Start,
): AsyncGenerator<InputParcel> {
  let rest = start.text;
  let number = 0;
  const take = (raw: readonly string[]): InputParcel[] => {
    const lines: string[] = [];
    const places: number[] = [];
    for (const line of raw) {
      number++;
      if (line.trim() === '') continue;
      lines.push(withId(line.trim(), `${start.idPrefix}${number}`));
      places.push(number);
    }
    return split(lines, places);
  };
  for (;;) {
    const whole = rest.split('\n');
    rest = whole.pop() ?? '';
    if (rest.length > maxLine)
      throw cliErrors('INPUT', `line ${number + whole.length + 1} is over 16 MiB`);
    yield* take(whole);
    const next = await input.next();
    if (next.done === true) break;
    rest += decoder.decode(next.value, { stream: true });
  }
  yield* take([rest + decoder.decode()]);
}

function split(lines: readonly string[], places: readonly number[]): InputParcel[] {
  const parcels: InputParcel[] = [];
  for (let from = 0; from < lines.length; from += maxParcel)
    parcels.push({
      lines: lines.slice(from, from + maxParcel),
      places: places.slice(from, from + maxParcel),
      place: 'line',
    });
  return parcels;
}

/**
 * The line with an id. Without one a line that is sent again after a lost answer would be taken
 * twice. What is no JSON object goes as it is: the server says what is wrong with it.
 */
function withId(line: string, id: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return line;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed) || 'id' in parsed)
    return line;
  const rest = line.slice(1).trimStart();
  return `{"id":${JSON.stringify(id)}${rest === '}' ? '' : ','}${rest}`;
}
