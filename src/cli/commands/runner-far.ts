import type { Command } from 'commander';
import { readConfig } from '../../runner/config/read.ts';
import { farCommand } from '../../runner/far/command.ts';
import { declare } from '../command.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';

/** Adds `territory runner far`, the other end of a runner that reaches this machine by ssh. */
export function addRunnerFar(runner: Command, context: Context): void {
  const { terminal, stdin, signal, env, now } = context;
  declare(runner, context, {
    usage: 'far <verb> [name] [run]',
    summary: 'Be the hands of a runner that reaches this machine by ssh.',
    description:
      'A runner elsewhere whose runner.yaml has `ssh` in an environment calls it; people need it only ' +
      'to see whether it would work. VERB is `start`, `watch`, `cancel` or `tend`; it answers in lines ' +
      'of JSON. See docs/guides/run-deploys.md.',
    examples: [
      [
        'ssh deploy@web-1 territory runner far tend --config /etc/territory/runner.yaml',
        'whether a runner could work there: the first line names its environments',
      ],
    ],
  })
    .requiredOption('--config <FILE>', 'the runner.yaml of this machine')
    .action(
      async (
        verb: string,
        name: string | undefined,
        run: string | undefined,
        { config }: { readonly config: string },
      ) => {
        const args = [
          verb,
          ...(name === undefined ? [] : [name]),
          ...(run === undefined ? [] : [run]),
        ];
        const program = [process.execPath, ...process.execArgv, process.argv[1] ?? 'territory'];
        const ends = { input: stdin, print: terminal.print, signal };
        const far = { ...ends, config: readConfig(config, env), program, env, now };
        if ((await farCommand(args, far)) !== 0) context.finish(exitCodes.failed);
      },
    );
}
