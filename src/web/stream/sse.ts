/** One message of a server-sent event stream (WHATWG HTML, 9.2.6). */
export interface Message {
  readonly event: string;
  readonly data: string;
  /** The last id seen, also of messages before. */
  readonly id: string;
}

/**
 * Takes a stream in pieces as they come and gives whole messages. Not the browser's EventSource,
 * because that one hides the status and the body of a refusal.
 */
export class MessageReader {
  private rest = '';
  private event = '';
  private data: string[] = [];
  /** The last id seen: where to go on from. Also messages without data bring one. */
  lastId = '';

  /** The messages that this piece completes. */
  push(piece: string): Message[] {
    // A lone CR at the end may be half of a CRLF.
    const lines = (this.rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    const whole: Message[] = [];
    for (const line of lines) {
      if (line !== '') this.field(line);
      else {
        if (this.data.length > 0)
          whole.push({
            event: this.event || 'message',
            data: this.data.join('\n'),
            id: this.lastId,
          });
        this.event = '';
        this.data = [];
      }
    }
    return whole;
  }

  private field(line: string): void {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') this.data.push(value);
    else if (name === 'event') this.event = value;
    else if (name === 'id' && !value.includes('\0')) this.lastId = value;
  }
}
