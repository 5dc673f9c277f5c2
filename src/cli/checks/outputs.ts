import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
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
  return wanted;
}

/** Opens the files. Throws TERR_CLI_INPUT where one can not be written. */
export async function openOutputs(wanted: readonly Wanted[], terminal: Terminal): Promise<Outputs> {
  const files: WriteStream[] = [];
  const all: Format[] = [];
  for (const { name, file } of wanted) {
    // oxlint-disable-next-line no-await-in-loop -- the first that can not be written is told
    const stream = file === undefined ? undefined : await opened(file);
    if (stream) files.push(stream);
    all.push(formatOf(name, stream ? paperOf(stream) : paperOnTerminal(terminal)));
  }
  const onStdout = wanted.find(({ file }) => file === undefined)?.name;
  return {
    all,
    isForPeople: onStdout === 'progress' || onStdout === 'pretty',
    close: async () => {
      for (const file of files) file.end();
      await Promise.all(files.map(async (file) => finished(file)));
    },
  };
}

async function opened(file: string): Promise<WriteStream> {
  const stream = createWriteStream(file);
  try {
    await once(stream, 'open');
    return stream;
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    throw cliErrors('INPUT', `can not write ${file}: ${code}`, { field: '--format', cause });
  }
}

const paperOf = (stream: WriteStream): Paper => ({
  write: async (text) => {
    if (!stream.write(text)) await once(stream, 'drain');
  },
  style: (_, text) => text,
  printable,
});

const paperOnTerminal = ({ print, style }: Terminal): Paper => ({ write: print, style, printable });
