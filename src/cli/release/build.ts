import { resolve } from 'node:path';
import type { Command } from 'commander';
import { buildRelease } from '../../release/build.ts';
import type { Built } from '../../release/job.ts';
import type { Pushed } from '../../release/push.ts';
import { declare } from '../command.ts';
import { type ConnectionOptions, addConnectionOptions } from '../connection.ts';
import type { Context } from '../context.ts';
import { plural, printable } from '../words.ts';
import { defaultStore } from './options.ts';
import { pushTo } from './push.ts';
import { bytesOf, showBytes } from './release-words.ts';

interface Options extends ConnectionOptions {
  readonly tag?: string;
  readonly to: string;
  readonly again?: boolean;
  readonly push?: boolean;
  readonly json?: boolean;
}

/** Adds `territory release build`. */
export function addReleaseBuild(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'build [path]',
    summary: 'Build an immutable artefact from a tag.',
    description:
      'PATH is the folder with territory.yaml in a git repository, or a bare repository; without it ' +
      'the current folder. The commit is checked out elsewhere, build.run of territory.yaml is run ' +
      'there by sh, and what build.include names is stored under the hash of its files. Needs no ' +
      'server unless --push says so. Ends with 2 when a rule refuses (the tag was moved), with 3 when ' +
      'build.run fails or the server can not be reached. ' +
      'See docs/guides/releases.md.',
    examples: [
      ['territory release build . --tag release_412', 'the commit that the tag names'],
      [
        'territory release build /srv/git/shop.git --tag v1.4.0 --json',
        'from a bare repository, in CI',
      ],
      ['territory release build . --tag v1.4.0 --again', 'does it give the same bytes twice?'],
      ['territory release build . --tag v1.4.0 --push', 'and send it to the server'],
    ],
  })
    .option('--tag <TAG>', "the version; without it HEAD's commit, of a clean work tree")
    .option('--to <DIR>', 'folder of the artefacts', `./${defaultStore}`)
    .option('--again', 'build what is there already, too, and fail if it differs')
    .option('--push', 'send it to the server, as release push does')
    .option('--json', 'print what was built as one JSON document');
  addConnectionOptions(command).action(async (path: string | undefined, options: Options) => {
    const { terminal, env, signal, now } = context;
    const built = await buildRelease({
      path: path ?? '.',
      tag: options.tag,
      store: resolve(options.to),
      again: options.again === true,
      env,
      signal,
      now,
      onOutput: byLine(terminal.detail),
    });
    for (const { severity, file, line, column, message } of built.faults)
      terminal.say(`${severity}: ${printable(message)} (${file}:${line}:${column})`);
    const { app, version } = built.release;
    const pushed =
      options.push === true
        ? await pushTo(context, options, { store: resolve(options.to), app, version })
        : undefined;
    await terminal.print(
      options.json === true
        ? `${JSON.stringify({ ...viewOf(built), ...(pushed && sentView(pushed)) })}\n`
        : `${textOf(built)}${pushed ? sentText(pushed) : ''}`,
    );
  });
}

/** Gives whole lines on, however the text is cut. */
function byLine(say: (line: string) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) say(printable(line));
    if (rest.length < maxLine) return;
    say(printable(rest));
    rest = '';
  };
}

/** Characters of a line of a build that are waited for. */
const maxLine = 10_000;

/** What --json prints; documented in docs/formats/release.md. */
function viewOf({ release, place, isNew }: Built): object {
  const { app, version, digest, source, files, reversible, warnings } = release;
  return {
    app,
    version,
    digest,
    commit: source.commit,
    artefact: place,
    new: isNew,
    files: files.length,
    bytes: bytesOf(release),
    reversible,
    warnings,
  };
}

const sentView = ({ isNew, bytes }: Pushed): object => ({ pushed: isNew, sent: bytes });

const sentText = ({ isNew, bytes }: Pushed): string =>
  isNew ? `sent to the server: ${showBytes(bytes)}\n` : 'the server had it already\n';

function textOf({ release, place, isNew }: Built): string {
  const { app, version, digest, source, files } = release;
  const size = `${plural(files.length, 'file')}, ${showBytes(bytesOf(release))}`;
  const was = isNew ? 'built' : 'was there already, and is whole';
  return `${printable(`${app} ${version}`)} ${was}: ${size}, commit ${source.commit.slice(0, 12)}
${digest}
${place}
`;
}
