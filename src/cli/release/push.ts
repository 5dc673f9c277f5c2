import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CodedError } from '../../errors/coded-error.ts';
import { type Pushed, pushRelease } from '../../release/push.ts';
import { declare } from '../command.ts';
import { type ConnectionOptions, addConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { showProgress } from '../progress.ts';
import { printable } from '../words.ts';
import { type StoreOptions, addStoreOptions } from './options.ts';
import { bytesOf, showBytes } from './release-words.ts';

type Options = StoreOptions & ConnectionOptions;

/** Adds `territory release push`. */
export function addReleasePush(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'push <app> <version>',
    summary: 'Send a release to the server, from where runners fetch it.',
    description:
      'Only files that the server does not have are sent, and checked there by their hash. After a ' +
      'cut it goes on where it was; sent again, it sends nothing. Needs the role member. Ends with 2 ' +
      'when the server refuses (the tag named another commit before), with 3 when it can not be reached.',
    examples: [
      ['territory release push shop release_412', 'what release build made'],
      ['territory release build . --tag release_412 --push', 'both at once, in CI'],
    ],
  });
  addConnectionOptions(addStoreOptions(command)).action(
    async (app: string, version: string, options: Options) => {
      const wanted = { store: resolve(options.from), app, version };
      const pushed = await pushTo(context, options, wanted);
      await context.terminal.print(
        options.json === true
          ? `${JSON.stringify(viewOf(pushed, options, context))}\n`
          : textOf(pushed, options, context),
      );
    },
  );
}

/** Sends a version of a store, and shows how far it is. Throws TERR_RELEASE_…, TERR_CLI_UNREACHABLE. */
export async function pushTo(
  context: Context,
  options: ConnectionOptions,
  wanted: { readonly store: string; readonly app: string; readonly version: string },
): Promise<Pushed> {
  const { url, token, signal } = connect(options, context);
  let progress: ReturnType<typeof showProgress> | undefined;
  let shown = 0;
  const onProgress = (bytes: number, of: number): void => {
    progress ??= showProgress(context.terminal, 'kB', Math.ceil(of / 1000));
    const now = Math.floor(bytes / 1000);
    progress.advance(now - shown);
    shown = now;
  };
  try {
    return await pushRelease({ url, token }, { ...wanted, onProgress }, signal);
  } catch (error) {
    // One exit code for it, whatever the command.
    if (error instanceof CodedError && error.code === 'TERR_RELEASE_UNREACHABLE')
      throw cliErrors('UNREACHABLE', error.message, { cause: error });
    throw error;
  } finally {
    progress?.stop();
  }
}

/** What --json prints; documented in docs/formats/release.md. */
function viewOf({ release, isNew, bytes }: Pushed, options: Options, context: Context): object {
  const { app, version, digest, files } = release;
  const server = serverOf(options, context);
  return { app, version, digest, server, new: isNew, sent: bytes, files: files.length };
}

const serverOf = (options: ConnectionOptions, context: Context): string =>
  connect(options, context).url.origin;

function textOf({ release, isNew, bytes }: Pushed, options: Options, context: Context): string {
  const name = printable(`${release.app} ${release.version}`);
  const where = serverOf(options, context);
  const sent = `${showBytes(bytes)} of ${showBytes(bytesOf(release))} were sent`;
  return `${name} ${isNew ? `is on ${where} now: ${sent}` : `was on ${where} already`}\n${release.digest}\n`;
}
