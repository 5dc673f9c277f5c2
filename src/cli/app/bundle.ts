import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { type Bundle, bundleOf } from '../../rooms/bundle/bundle.ts';
import type { BundleEnvironment } from '../../rooms/bundle/declared.ts';
import type { Manifest } from '../../rooms/releases/manifest/manifest.ts';
import { collect, declare } from '../command.ts';
import type { Context } from '../context.ts';
import { defaultUrl } from '../defaults.ts';
import { cliErrors } from '../errors.ts';
import { printable } from '../words.ts';
import { manifestHere } from './manifest-here.ts';

interface Options {
  readonly out?: string;
  readonly env?: readonly string[];
  readonly instances: string;
  readonly server: string;
  readonly json?: boolean;
}

/** Adds `territory app bundle`. */
export function addAppBundle(parent: Command, context: Context): void {
  declare(parent, context, {
    usage: 'bundle [path]',
    summary: 'Make what an application needs around it from the few lines that declare it.',
    description:
      'PATH is the folder with territory.yaml, without it the current one. Makes checks of health ' +
      'and routing as a Gherkin feature, sources of logs and metrics, alert rules, a backend for ' +
      'HAProxy in each environment, its place on the map, and links to its charts. Prints the files, ' +
      'or writes them below DIR over those of before. Needs no server. ' +
      'See docs/guides/declare-an-application.md.',
    examples: [
      ['territory app bundle', 'look at what would be made'],
      [
        'territory app bundle . --out deploy/territory --env staging:7201 --env production:7301',
        'with ports for each environment',
      ],
    ],
  })
    .option('--out <DIR>', 'folder to write to; without it the files are printed')
    .option(
      '--env <NAME[:PORT]>',
      'an environment, and the first port of its instances; without it those of promote.order, and the port of territory.yaml',
      collect,
    )
    .option('--instances <N>', 'instances in each environment (of each colour)', '1')
    .option('--server <URL>', 'address of Territory, for links', defaultUrl)
    .option('--json', 'print the files as one JSON document')
    .action(async (path: string | undefined, options: Options) => {
      const manifest = manifestHere(path ?? '.', context.terminal);
      const bundle = bundleOf(manifest, {
        environments: environmentsOf(manifest, options.env ?? []),
        instances: numberFrom(options.instances),
        server: addressOf(options.server),
      });
      await give(bundle, options, context);
    });
}

async function give(bundle: Bundle, { out, json }: Options, { terminal }: Context): Promise<void> {
  if (out !== undefined)
    await Promise.all(
      bundle.files.map(async ({ path, text }) => {
        const file = join(out, path);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, text);
      }),
    );
  if (json === true) return terminal.print(`${JSON.stringify(bundle)}\n`);
  const lines = bundle.files.map(({ path, text, what }) =>
    out === undefined ? `==> ${path} <==\n${text}\n` : `${join(out, path)}  ${what}\n`,
  );
  await terminal.print(lines.join(''));
  for (const one of bundle.left) terminal.say(printable(one));
}

/** Those that are asked for, else those of the manifest, else production. */
function environmentsOf(
  { port, promote }: Manifest,
  asked: readonly string[],
): BundleEnvironment[] {
  const said = asked.flatMap((one) => one.split(','));
  const names = said.length > 0 ? said : promote.order.length > 0 ? promote.order : ['production'];
  return names.map((one) => {
    const [, name, own] = /^([A-Za-z0-9][\w.-]*)(?::(\d{1,5}))?$/.exec(one) ?? [];
    if (name === undefined)
      throw cliErrors('USAGE', `"${printable(one)}" is no environment: NAME or NAME:PORT`, {
        field: '--env',
      });
    const first = own === undefined ? port : Number(own);
    if (first !== undefined && (first < 1 || first > 65_535))
      throw cliErrors('USAGE', `${first} is no port`, { field: '--env' });
    return { name, port: first };
  });
}

function numberFrom(text: string): number {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > 100)
    throw cliErrors('USAGE', 'between 1 and 100 instances', { field: '--instances' });
  return number;
}

function addressOf(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw cliErrors('USAGE', `"${printable(text)}" is no http or https address`, {
      field: '--server',
    });
  const { origin, pathname } = new URL(text);
  return `${origin}${pathname}`.replace(/\/+$/, '');
}
