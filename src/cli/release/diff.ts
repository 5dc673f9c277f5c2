import { resolve } from 'node:path';
import type { Command } from 'commander';
import { compareReleases } from '../../release/compare.ts';
import { readTarget } from '../../release/values.ts';
import { declare } from '../command.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { diffText } from './diff-text.ts';
import { type StoreOptions, addStoreOptions } from './options.ts';

interface Options extends StoreOptions {
  readonly env?: string;
  readonly values?: string;
  readonly repo?: string;
}

/** Adds `territory release diff`. */
export function addReleaseDiff(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'diff <app> <a> <b>',
    summary: 'Say what changes when version B takes the place of version A.',
    description:
      'Commits added and removed, files, migrations, configuration keys, dependencies, contracts, ' +
      'smoke scenarios and needs, each with how far it reaches. Needs no server; commits are read ' +
      'from the repository that was built from. Ends with 0 also when there are differences.',
    examples: [
      ['territory release diff shop release_411 release_412', 'before a deploy'],
      ['territory release diff shop release_412 release_411', 'before going back'],
      [
        'territory release diff shop release_411 release_412 --env production --values production.yaml',
        'and which keys have no value there',
      ],
      [
        'territory release diff shop release_411 release_412 --json | jq -r .level',
        'how far it reaches',
      ],
    ],
  })
    .option('--env <NAME>', 'environment that B goes to; with --values')
    .option('--values <FILE>', 'its values: YAML or JSON of names and values, never printed')
    .option('--repo <PATH>', 'repository with the commits of both');
  addStoreOptions(command).action(async (app: string, a: string, b: string, options: Options) => {
    const { terminal, signal } = context;
    const { env, values } = options;
    if ((env === undefined) !== (values === undefined))
      throw cliErrors(
        'USAGE',
        '--env and --values go together: the environment, and the file of its values',
      );
    const target =
      env === undefined || values === undefined ? undefined : await readTarget(env, values);
    const { diff, commitsUnknown } = await compareReleases({
      store: resolve(options.from),
      app,
      from: a,
      to: b,
      repository: options.repo,
      target,
      signal,
    });
    if (commitsUnknown !== undefined) terminal.say(`commits are not known: ${commitsUnknown}`);
    await terminal.print(
      options.json === true ? `${JSON.stringify(diff)}\n` : diffText(diff, terminal.style),
    );
  });
}
