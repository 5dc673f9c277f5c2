import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type Entry, listApps, listEntries, listRefusals } from '../../release/store.ts';
import { declare } from '../command.ts';
import type { Context } from '../context.ts';
import { type Column, textTable } from '../text-table.ts';
import { printable, showTime } from '../words.ts';
import { type StoreOptions, addStoreOptions } from './options.ts';

const heads: readonly Column[] = ['Application', 'Version', 'Built', 'Commit', 'Digest'].map(
  (head) => ({ head }),
);

/** Adds `territory release list`. */
export function addReleaseList(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'list [app]',
    summary: 'List what was built, the last one first.',
    description: 'Needs no server. Tags that were moved and refused are said on stderr.',
    examples: [
      ['territory release list', 'every application'],
      ['territory release list shop --json | jq -r ".[0].version"', 'the last one built'],
    ],
  });
  addStoreOptions(command).action(async (app: string | undefined, { from, json }: StoreOptions) => {
    const { terminal } = context;
    const store = resolve(from);
    const apps = app === undefined ? await listApps(store) : [app];
    const lists = await Promise.all(
      apps.map(async (name) => ({ name, entries: await listEntries(store, name) })),
    );
    const all = lists.flatMap(({ name, entries }) =>
      entries.map(({ version, builtAt, commit, digest }) => ({
        app: name,
        version,
        builtAt,
        commit,
        digest,
      })),
    );
    const refused = await Promise.all(apps.map(async (name) => listRefusals(store, name)));
    for (const { version, was, is, at } of refused.flat())
      terminal.say(
        `refused at ${at}: the tag ${printable(version)} was moved from ${was} to ${is}`,
      );
    if (json === true) return terminal.print(`${JSON.stringify(all)}\n`);
    if (all.length === 0) return terminal.print(`nothing was built in ${store} yet\n`);
    await terminal.print(textTable(heads, all.map(rowOf), terminal.style));
  });
}

const rowOf = ({
  app,
  version,
  builtAt,
  commit,
  digest,
}: Omit<Entry, 'repository'> & { app: string }): string[] => [
  printable(app),
  printable(version),
  showTime(Math.floor(Date.parse(builtAt) / 1000) * 1000),
  commit.slice(0, 12),
  digest.slice(0, 19),
];
