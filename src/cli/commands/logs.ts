import type { Command } from 'commander';
import { LogPiece } from '../../server/api/contract-deploys.ts';
import { declare } from '../command.ts';
import { addConnectionOptions } from '../connection.ts';
import type { Context } from '../context.ts';
import { type Asking, type DeployOptions, ask, pathOf, wholeId } from '../deploys/asking.ts';
import { follow, shownLog } from '../deploys/watch.ts';

interface Options extends DeployOptions {
  readonly follow?: boolean;
}

/** Adds `territory logs`. */
export function addLogs(program: Command, context: Context): void {
  const command = declare(program, context, {
    usage: 'logs <id>',
    summary: 'Print the log of a deploy.',
    description: 'Secrets were masked by the runner before anything was written.',
    examples: [
      ['territory logs 3f2a91c0d5e6', 'what there is'],
      ['territory logs 3f2a91c0d5e6 -f', 'and what comes, until the deploy ended'],
    ],
  });
  command.option('-f, --follow', 'go on until the deploy ended');
  addConnectionOptions(command).action(async (start: string, options: Options) => {
    const asking = { options, context };
    const id = await wholeId(start, asking);
    if (options.follow === true) await follow(id, { stages: false, log: true }, asking);
    else await printLog(id, asking);
  });
}

async function printLog(id: string, asking: Asking): Promise<void> {
  for (let offset = 0; ;) {
    const path = pathOf(id, `/log?offset=${offset}`);
    // oxlint-disable-next-line no-await-in-loop -- one piece behind the other
    const { next, text } = await ask(LogPiece, { method: 'GET', path }, asking);
    if (text === '' || next <= offset) return;
    // oxlint-disable-next-line no-await-in-loop
    await asking.context.terminal.print(shownLog(text));
    offset = next;
  }
}
