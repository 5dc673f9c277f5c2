import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { type Format, type Paper } from '../../checks/formats/format.ts';
import { type FormatName, formatOf, formats } from '../../checks/formats/formats.ts';
import { cliErrors } from '../errors.ts';
import type { Terminal } from '../terminal.ts';
import { printable } from '../words.ts';

/** Formats that tell of one run, on stdout and in files. */
export interface Outputs {
  readonly all: readonly Format[];
  /** What stdout has is for people. */
  readonly isForPeople: boolean;
  readonly close: () => Promise<void>;
}

interface Wanted {
  readonly name: FormatName;
  readonly file: string | undefined;
}

/** Reads `junit:report.xml`. Throws TERR_CLI_USAGE. */
export function readOutputs(texts: readonly string[]): readonly Wanted[] {
  const wanted = texts.map((text): Wanted => {
    const [, name = text, file] = /^([^:]+):(.+)$/.exec(text) ?? [];
    if (Object.hasOwn(formats, name)) return { name: name as FormatName, file };
    const names = Object.keys(formats).join(', ');
    throw cliErrors('USAGE', `"${name}" is no format; there is ${names}`, { field: '--format' });
  });
  if (wanted.filter(({ file }) => file === undefined).length > 1)
    throw cliErrors(
      'USAGE',
      'one format goes to stdout, the others need a file: junit:report.xml',
      {
        field: '--format',
      },
    );
  const files = wanted.flatMap(({ file }) => (file === undefined ? [] : [resolve(file)]));
  const twice = files.find((file, i) => files.indexOf(file) !== i);
  if (twice !== undefined)
    throw cliErrors('USAGE', `two formats go to ${twice}`, { field: '--format' });
  return wanted;
}

/** Opens the files. Throws TERR_CLI_INPUT where one can not be written, then or later. */
export async function openOutputs(wanted: readonly Wanted[], terminal: Terminal): Promise<Outputs> {
  const files: OutputFile[] = [];
  const all: Format[] = [];
  for (const { name, file } of wanted) {
    // oxlint-disable-next-line no-await-in-loop -- the first that can not be written is told
    const opened = file === undefined ? undefined : await OutputFile.open(file);
    if (opened) files.push(opened);
    all.push(formatOf(name, opened?.paper ?? paperOnTerminal(terminal)));
  }
  const onStdout = wanted.find(({ file }) => file === undefined)?.name;
  return {
    all,
    isForPeople: onStdout === 'progress' || onStdout === 'pretty',
    close: async () => {
      await Promise.all(files.map(async (file) => file.close()));
    },
  };
}

/** A file that may be full, or gone, at any time. */
class OutputFile {
  readonly paper: Paper = {
    write: async (text) => this.#write(text),
    style: (_, text) => text,
    printable,
  };
  readonly #name: string;
  readonly #stream: WriteStream;
  #broke: Error | undefined;

  private constructor(name: string) {
    this.#name = name;
    this.#stream = createWriteStream(name);
    this.#stream.on('error', (error) => (this.#broke ??= error));
  }

  static async open(name: string): Promise<OutputFile> {
    const file = new OutputFile(name);
    await file.#told(once(file.#stream, 'open'));
    return file;
  }

  async close(): Promise<void> {
    this.#stream.end();
    await this.#told(finished(this.#stream));
  }

  /** What can not be written is told at the end: it keeps neither the run nor other formats from theirs. */
  async #write(text: string): Promise<void> {
    if (this.#broke || this.#stream.write(text)) return;
    await once(this.#stream, 'drain').catch(() => undefined);
  }

  async #told(work: Promise<unknown>): Promise<void> {
    await work.catch((error: Error) => (this.#broke ??= error));
    const cause = this.#broke;
    if (!cause) return;
    const { code = '' } = cause as NodeJS.ErrnoException;
    throw cliErrors('INPUT', `can not write ${this.#name}: ${code}`, { field: '--format', cause });
  }
}

const paperOnTerminal = ({ print, style }: Terminal): Paper => ({ write: print, style, printable });
