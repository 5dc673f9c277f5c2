import { TextDecoder } from 'node:util';

/** One message of a server-sent event stream (WHATWG HTML, 9.2.6). */
export interface Message {
  readonly event: string;
  readonly data: string;
}

/** What a reader remembers between connections. */
export interface Position {
  /** Last id of a whole message; '' before the first. */
  id: string;
  /** ms, as the server's `retry:` asked. */
  retry: number | undefined;
}

/** Longer messages are a broken stream. */
const maxPending = 16 * 1024 * 1024;

/** Reads messages as they come. Keeps `position` up to date, so that a reader can resume. */
export async function* readMessages(
  body: AsyncIterable<Uint8Array>,
  position: Position,
): AsyncGenerator<Message> {
  const decoder = new TextDecoder();
  const take = messageTaker(position);
  let rest = '';
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    if (rest.length > maxPending) throw new Error('a message of the stream is too long');
    // A lone CR at the end may be half of a CRLF.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = take(line);
      if (message !== undefined) yield message;
    }
  }
}

/** Takes line after line; gives a message at the empty line that ends one with data. */
function messageTaker(position: Position): (line: string) => Message | undefined {
  let event = '';
  let id: string | undefined;
  let data: string[] = [];
  return (line) => {
    if (line === '') {
      // Only a whole message moves the position: half a one is sent again after a resume.
      position.id = id ?? position.id;
      const message = { event: event || 'message', data: data.join('\n') };
      const dispatched = data.length > 0;
      event = '';
      data = [];
      return dispatched ? message : undefined;
    }
    const [name, value] = fieldOf(line);
    if (name === 'data') data.push(value);
    else if (name === 'event') event = value;
    else if (name === 'id' && !value.includes('\0')) id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) position.retry = Number(value);
    return undefined;
  };
}

function fieldOf(line: string): readonly [name: string, value: string] {
  const colon = line.indexOf(':');
  if (colon < 0) return [line, ''];
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
}
