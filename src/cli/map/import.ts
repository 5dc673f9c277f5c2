import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { mergeInto } from '../../rooms/map/code/merge-into.ts';
import { snippetOf } from '../../rooms/map/code/write.ts';
import type { ImportedMap } from '../../rooms/map/import/imported.ts';
import { readImports } from '../../rooms/map/import/read-imports.ts';
import { declare } from '../command.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { plural } from '../words.ts';
import { countFaults, faultLine } from './fault-lines.ts';
import { checkFile } from './map-text.ts';

interface Options {
  readonly into?: string;
  readonly json?: boolean;
}

/** Adds `territory map import`. */
export function addMapImport(parent: Command, context: Context): void {
  declare(parent, context, {
    usage: 'import <files...>',
    summary: 'Make lines for a map of what other files say.',
    description:
      'FILES are catalog-info.yaml files of Backstage and territory.yaml files of applications, ' +
      'told apart by their content. Prints the nodes and edges for a map.yaml, or puts what is new ' +
      'into one. A map that is to follow such files names them under "import:" instead.',
    examples: [
      ['territory map import catalog-info.yaml', 'see what it says'],
      ['territory map import services/*/territory.yaml --into map.yaml', 'all applications'],
    ],
  })
    .option('--into <MAP>', 'put what is new into this map.yaml; all else in it stays as it is')
    .option('--json', 'print the nodes and edges as one JSON document')
    .action(async (files: string[], options: Options) => importFiles(files, options, context));
}

async function importFiles(files: string[], options: Options, context: Context): Promise<void> {
  const { terminal, finish } = context;
  const texts = await Promise.all(files.map(async (file) => [file, await read(file)] as const));
  const imported = readImports(new Map(texts));
  for (const fault of imported.faults) terminal.say(faultLine(fault));
  const isWrong = imported.faults.some(({ severity }) => severity === 'error');
  if (isWrong) finish(exitCodes.badInput);
  const { nodes, edges } = imported;
  if (options.json === true) return terminal.print(`${JSON.stringify({ nodes, edges })}\n`);
  if (options.into === undefined) return terminal.print(snippetOf(imported));
  // Half of what was meant is not put into a file.
  if (!isWrong) await putInto(options.into, imported, context);
}

async function putInto(file: string, imported: ImportedMap, context: Context): Promise<void> {
  const { text } = await checkFile(file, context);
  const merged = mergeInto(text, imported);
  if (!merged) throw cliErrors('INPUT', `${file} is no map; \`territory map check\` says why`);
  const { nodes, edges } = merged.added;
  const isNew = nodes.length + edges.length > 0;
  if (isNew) {
    await writeFile(`${file}.new`, merged.text);
    await rename(`${file}.new`, file);
  }
  const { faults } = await checkFile(file, context);
  for (const fault of faults) context.terminal.say(faultLine(fault));
  context.terminal.say(
    `${plural(nodes.length, 'node')} and ${plural(edges.length, 'edge')} put into ${file}; ${countFaults(faults)}`,
  );
  if (faults.some(({ severity }) => severity === 'error')) context.finish(exitCodes.badInput);
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const why = missing ? 'it is not there' : String(cause);
    throw cliErrors('INPUT', `can not read ${file}: ${why}`, { field: '<files...>', cause });
  }
}
