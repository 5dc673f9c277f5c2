import { randomInt } from 'node:crypto';
import { constants } from 'node:fs';
import { open, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type PassiveResult,
  checkResultFile,
  commandLine,
  faultOfNames,
} from '../../checks/nagios/passive.ts';
import { checksErrors } from '../../checks/errors.ts';

/**
 * Gives a result to Nagios: by its command file where `path` is a pipe, else as a file in its folder
 * of check results. Throws TERR_CHECKS_SUBMIT where it can not be given.
 */
export async function submit(
  path: string,
  names: { readonly host?: string; readonly service?: string },
  report: Omit<PassiveResult, 'host' | 'service'>,
): Promise<void> {
  const result = { ...report, host: names.host ?? '', service: names.service };
  const fault = faultOfNames(result);
  if (fault !== undefined) throw checksErrors('SUBMIT', `${fault}: give --host and --service`);
  try {
    const found = await stat(path);
    if (found.isFIFO()) await toPipe(path, commandLine(result));
    else if (found.isDirectory()) await toFolder(path, checkResultFile(result));
    else throw checksErrors('SUBMIT', `${path} is neither a pipe nor a folder`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code?.startsWith('E') !== true) throw error;
    const why = code === 'ENXIO' ? 'nobody reads it: is Nagios running?' : code;
    throw checksErrors('SUBMIT', `${path}: ${why}`, { cause: error });
  }
}

/** Without waiting for a reader that is not there. */
async function toPipe(path: string, line: string): Promise<void> {
  const pipe = await open(path, constants.O_WRONLY | constants.O_NONBLOCK);
  try {
    await pipe.write(line);
  } finally {
    await pipe.close();
  }
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** `c` and six letters are its name, and one of the same name with `.ok` says that it is whole. */
async function toFolder(folder: string, text: string): Promise<void> {
  const random = Array.from({ length: 6 }, () => letters.charAt(randomInt(letters.length)));
  const name = `c${random.join('')}`;
  // Nagios is another user, and is alone in being let into its folder.
  await writeFile(join(folder, name), text, { flag: 'wx', mode: 0o644 });
  await writeFile(join(folder, `${name}.ok`), '', { flag: 'wx', mode: 0o644 });
}
