import { type Decoded, refused } from '../decoded.ts';
import { decodeCommand, maxCommand } from './command.ts';
import { textOf } from '../../event/plugin-output.ts';

const newline = 0x0a;
const nothing = Buffer.alloc(0);

/** Cuts what comes out of a command file into lines, and decodes them. */
export class CommandLines {
  #rest: Buffer = nothing;
  /** The line was too long: what is left of it is passed over. */
  #skipping = false;

  *decode(chunk: Buffer): Generator<Decoded> {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = nothing;
    for (;;) {
      const end = bytes.indexOf(newline);
      if (end < 0) break;
      const line = bytes.subarray(0, end);
      bytes = bytes.subarray(end + 1);
      if (!this.#skipping) yield* decodeLine(line);
      this.#skipping = false;
    }
    if (this.#skipping) return;
    if (bytes.length > maxCommand) {
      this.#skipping = true;
      yield tooLong(bytes);
    } else this.#rest = Buffer.from(bytes);
  }
}

function* decodeLine(line: Buffer): Generator<Decoded> {
  if (line.length > maxCommand) {
    yield tooLong(line);
    return;
  }
  const text = textOf(line).trim();
  if (text !== '') yield* decodeCommand(text);
}

function tooLong(line: Buffer): Decoded {
  const message = `The command has more than ${maxCommand} bytes.`;
  return refused('TERR_INTAKE_FRAME', message, { sample: textOf(line.subarray(0, 200)) });
}
