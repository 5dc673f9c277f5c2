import type { Command } from 'commander';
import { Block, Blocks } from '../../server/api/contract-gates.ts';
import { declare } from '../command.ts';
import { addConnectionOptions } from '../connection.ts';
import type { Context } from '../context.ts';
import { type GatesOptions, aheadIn, ask, pick } from '../gates/asking.ts';
import { printable, showTime } from '../words.ts';

interface BlockOptions extends GatesOptions {
  readonly message: string;
  readonly in?: string;
  readonly safe?: string;
  readonly until?: string;
}

/** Adds `territory block` and `territory unblock`. */
export function addBlock(program: Command, context: Context): void {
  const command = declare(program, context, {
    usage: 'block <app>',
    summary: 'Put up a post-it: this application may not go out, save in its safe version.',
    description: 'It takes a gatekeeper.',
    examples: [
      [
        'territory block shop --in production --safe release_412 --until 2026-05-08 -m "413 drops orders"',
        'one application in one environment',
      ],
    ],
  });
  command
    .requiredOption('-m, --message <TEXT>', 'why; others will read it')
    .option('--in <ENVIRONMENT>', 'only there (default: everywhere)')
    .option('--safe <VERSION>', 'the version that may go out')
    .option('--until <TIME>', '2h (from now), RFC 3339, or a date (default: until it is lifted)')
    .option('--json', 'print the post-it as one JSON document');
  addConnectionOptions(command).action(async (app: string, options: BlockOptions) => {
    const { message: reason, in: environment, safe } = options;
    const until = aheadIn({ ...options }, 'until', context.now());
    const place = environment === undefined || environment === 'all' ? {} : { environment };
    const json = { app, ...place, reason, ...(safe !== undefined && { safe }), ...until };
    const request = { method: 'POST', path: 'blocks', json } as const;
    const block = await ask(Block, request, { options, context });
    if (options.json === true) return context.terminal.print(`${JSON.stringify(block)}\n`);
    const end = block.until === null ? 'until it is lifted' : `until ${showTime(block.until)}`;
    const but = block.safe === null ? '' : `, save in ${printable(block.safe)}`;
    context.terminal.say(`${printable(block.scope)} is blocked ${end}${but}: post-it ${block.id}`);
  });
  addUnblock(program, context);
}

function addUnblock(program: Command, context: Context): void {
  const command = declare(program, context, {
    usage: 'unblock <scope-or-id>',
    summary: 'Take a post-it down.',
    examples: [['territory unblock shop@production', 'by its scope, or by the start of its id']],
  });
  command.option('--json', 'print the post-it as one JSON document');
  addConnectionOptions(command).action(async (which: string, options: GatesOptions) => {
    const asking = { options, context };
    const { blocks } = await ask(Blocks, { method: 'GET', path: 'blocks' }, asking);
    const { id, scope } = pick(blocks, which, 'post-it');
    const lifted = await ask(Block, { method: 'DELETE', path: `blocks/${id}` }, asking);
    if (options.json === true) return context.terminal.print(`${JSON.stringify(lifted)}\n`);
    context.terminal.say(`${printable(scope)} is not blocked any more`);
  });
}
