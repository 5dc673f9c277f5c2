import type { Command } from 'commander';
import { Value } from 'typebox/value';
import { ImportAnswer } from '../../server/api/contract-redirects.ts';
import { call } from '../api.ts';
import { declare } from '../command.ts';
import { type ConnectionOptions, addConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { notUnderstood } from '../map/answers.ts';
import { readText } from '../map/map-text.ts';
import { plural } from '../words.ts';
import { oneMapOf } from './files.ts';

interface Options extends ConnectionOptions {
  readonly name: string;
  readonly json?: boolean;
}

/** Adds `territory redirects import`. */
export function addRedirectsImport(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'import <files...>',
    summary: 'Give a redirect map to a server, which keeps and verifies it.',
    description:
      'It takes the place of the one of this name; the same rows again change nothing. Of several ' +
      'FILES one map is made, of their three columns; one file is sent as it is.',
    examples: [
      ['territory redirects import redirects.csv --name web', 'from CI, after lint'],
      ['territory redirects import data/*.csv --name all', 'several files as one map'],
    ],
  })
    .requiredOption('--name <NAME>', 'the name of the map')
    .option('--json', 'print the answer of the API as one JSON document');
  addConnectionOptions(command).action(async (files: string[], options: Options) => {
    const { name } = options;
    const [only = '', ...others] = files;
    const text =
      others.length === 0 ? await readText(only, context) : await oneMapOf(files, context);
    const answer = await call(connect(options, context), {
      method: 'PUT',
      path: `api/v1/redirects/${encodeURIComponent(name)}`,
      body: { type: 'text/csv', bytes: Buffer.from(text) },
    });
    if (!Value.Check(ImportAnswer, answer)) throw notUnderstood();
    const { terminal } = context;
    if (options.json === true) return terminal.print(`${JSON.stringify(answer)}\n`);
    const { revision, rows, errors, warnings } = answer;
    const found = `${plural(errors, 'error')}, ${plural(warnings, 'warning')}`;
    terminal.say(`${name} revision ${revision}: ${plural(rows, 'row')}; ${found}`);
  });
}
