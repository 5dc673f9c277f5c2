import { resolve } from 'node:path';
import type { Command } from 'commander';
import { readConfig } from '../../runner/config/read.ts';
import { executeDeploy } from '../../runner/execute/execute.ts';
import { writeOut } from '../../runner/execute/write-out.ts';
import { startRunner } from '../../runner/start.ts';
import { declare } from '../command.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { printable } from '../words.ts';
import { addRunnerFar } from './runner-far.ts';
import { addRunnerJob } from './runner-job.ts';

interface Options {
  readonly config: string;
  readonly json?: boolean;
}

/** Adds `territory runner`, `territory runner execute` and `territory runner job`. */
export function addRunner(program: Command, context: Context): void {
  const { terminal, env, signal, now } = context;
  const runner = declare(program, context, {
    usage: 'runner',
    summary: 'Carry out deploys on this machine, until it is ended.',
    description:
      'Asks the server for deploys to the environments that runner.yaml names, carries them out, ' +
      'keeps the instances that it started running, and tells what really runs. Ended or killed, the ' +
      'deploys under way and the instances go on, and the next runner finds them again. See ' +
      'docs/guides/run-deploys.md and docs/formats/runner-yaml.md.',
    examples: [
      [
        'territory runner --config /etc/territory/runner.yaml',
        'on the machine that is deployed to',
      ],
      ['territory runner --config runner.yaml --json', 'what it does as JSON lines'],
    ],
  })
    .option('--config <FILE>', 'the file that says what it serves', 'runner.yaml')
    .option('--json', 'say what is done as JSON lines')
    .action(async (options: Options) => {
      const config = readConfig(options.config, env);
      const say = (text: string): void => {
        const line =
          options.json === true
            ? JSON.stringify({ time: new Date(now()).toISOString(), text })
            : `${new Date(now()).toISOString().slice(11, 19)} ${printable(text)}`;
        void terminal.print(`${line}\n`);
      };
      const names = config.environments.map(({ name }) => name).join(', ');
      say(`runner ${config.name} serves ${names} for ${config.server}`);
      const own = [process.execPath, ...process.execArgv, process.argv[1] ?? 'territory'];
      await startRunner(config, { program: own, env, say, signal, now });
    });
  addExecute(runner, context);
  addRunnerJob(runner, context);
  addRunnerFar(runner, context);
}

function addExecute(runner: Command, context: Context): void {
  const { env, signal, now } = context;
  declare(runner, context, {
    usage: 'execute <folder>',
    summary: 'Carry out one deploy of a folder that a runner made.',
    description:
      'A runner starts this in a process of its own; people need it only to bring a deploy to its ' +
      'end by hand. Ends with 0 when the deploy succeeded, with 3 when it failed, was cancelled or ' +
      'rolled back, with 4 when nobody knows what serves.',
    examples: [
      [
        'territory runner execute /srv/runner/jobs/ID --recover',
        'the process of the deploy was killed, and no runner is there',
      ],
    ],
  })
    .option('--recover', 'by its journal, bring one to its end whose process was killed')
    .action(async (folder: string, options: { readonly recover?: boolean }) => {
      const { result } = await executeDeploy(resolve(folder), {
        recover: options.recover === true,
        env,
        stop: signal,
        now,
        write: writeOut,
      });
      if (result === 'lost') context.finish(exitCodes.notAllowed);
      else if (result !== 'succeeded') context.finish(exitCodes.unreachable);
    });
}
