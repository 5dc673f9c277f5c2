import { existsSync } from 'node:fs';
import { open, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { firstManifest, lookedFor } from '../../rooms/bundle/first-manifest.ts';
import { declare } from '../command.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { printable } from '../words.ts';
import { manifestFile } from './manifest-here.ts';

/** Files in which a port and a path of health are looked for, and bytes of each. */
const maxSources = 60;
const maxRead = 65_536;
const sourceFolders = ['', 'src', 'lib', 'app', 'server', 'bin', 'config'];
const isSource = (name: string): boolean => /\.([cm]?[jt]s|rb|py|go|ru)$/.test(name);

/** Adds `territory init`. */
export function addInit(program: Command, context: Context): void {
  declare(program, context, {
    usage: 'init [path]',
    summary: 'Write a first territory.yaml for an application.',
    description:
      'Looks at package.json, Procfile, the sources and folders of PATH (without it the current ' +
      'folder), and says what it had to guess. A manifest that is there stays. Needs no server.',
    examples: [
      ['territory init', 'in the folder of the application; then look at it and commit it'],
      ['territory init ../search --print', 'only look'],
    ],
  })
    .option('--print', 'print it instead of writing it')
    .option('--force', 'also over one that is there')
    .action(async (path: string | undefined, options: { print?: boolean; force?: boolean }) => {
      const folder = resolve(path ?? '.');
      const names = await readdir(folder).catch(() => undefined);
      if (names === undefined)
        throw cliErrors('INPUT', `there is no folder ${folder}`, { field: '[path]' });
      const { text, guesses } = firstManifest(await look(folder));
      await (options.print === true
        ? context.terminal.print(text)
        : write(join(folder, manifestFile), text, { force: options.force === true, context }));
      for (const one of guesses) context.terminal.say(`guessed: ${printable(one)}`);
    });
}

async function write(
  file: string,
  text: string,
  { force, context }: { readonly force: boolean; readonly context: Context },
): Promise<void> {
  await writeFile(file, text, { flag: force ? 'w' : 'wx' }).catch(
    (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EEXIST' ? 'is there already; --force writes over it' : error.message;
      throw cliErrors('INPUT', `${file} ${why}`, { file });
    },
  );
  await context.terminal.print(`${file}\n${text}`);
}

async function look(folder: string): Promise<Parameters<typeof firstManifest>[0]> {
  const textOf = async (name: string): Promise<string | undefined> =>
    readFile(join(folder, name), 'utf8').catch(() => undefined);
  const [packageJson, procfile] = await Promise.all([textOf('package.json'), textOf('Procfile')]);
  return {
    folder: basename(folder),
    ...(packageJson === undefined ? {} : { packageJson }),
    ...(procfile === undefined ? {} : { procfile }),
    sources: await sourcesIn(folder),
    has: new Set(lookedFor.filter((name) => existsSync(join(folder, name)))),
  };
}

async function sourcesIn(folder: string): Promise<string[]> {
  const listed = await Promise.all(
    sourceFolders.map(async (name) => {
      const found = await readdir(join(folder, name), { withFileTypes: true }).catch(() => []);
      return found
        .filter((one) => one.isFile() && isSource(one.name))
        .map((one) => join(folder, name, one.name))
        .toSorted();
    }),
  );
  return Promise.all(listed.flat().slice(0, maxSources).map(beginningOf));
}

async function beginningOf(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(maxRead), 0, maxRead, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
