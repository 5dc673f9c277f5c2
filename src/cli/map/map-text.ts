import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { MapFault, MapModel } from '../../rooms/map/model.ts';
import { MapFile } from '../../server/map/map-file.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';

/** A map that was read, and what is wrong with it; files are named as from here. */
export interface CheckedFile {
  readonly text: string;
  readonly model: MapModel | undefined;
  readonly faults: readonly MapFault[];
}

/** Characters of a file that is no map any more: reading it would only fill the memory. */
const maxCharacters = 10_000_000;

/**
 * Checks a map as a server would, with the files beside it that it imports; `-` is stdin. Throws
 * TERR_CLI_INPUT when it can not be read.
 */
export async function checkFile(file: string, context: Context): Promise<CheckedFile> {
  const text = await readText(file, context);
  const path = file === '-' ? resolve('map.yaml') : resolve(file);
  const beside = new MapFile({
    path,
    onLoad: () => Promise.resolve(),
    onProblem: () => undefined,
  });
  const { model, faults } = await beside.check(text);
  const shown = (name: string): string =>
    name === basename(path) ? file : join(file === '-' ? '.' : dirname(file), name);
  return { text, model, faults: faults.map((one) => ({ ...one, file: shown(one.file) })) };
}

/** The text of a file, or of stdin. */
export async function readText(file: string, { stdin }: Context): Promise<string> {
  if (file !== '-') {
    try {
      return await readFile(file, 'utf8');
    } catch (cause) {
      const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
      const why = missing ? 'it is not there' : String(cause);
      throw cliErrors('INPUT', `can not read ${file}: ${why}`, { field: '[file]', cause });
    }
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk as Uint8Array); // a stream without encoding
    chunks.push(bytes);
    size += bytes.length;
    if (size > maxCharacters) throw cliErrors('INPUT', 'stdin is too long for a map');
  }
  return Buffer.concat(chunks).toString('utf8');
}
