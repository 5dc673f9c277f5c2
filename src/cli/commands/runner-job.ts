import type { Command } from 'commander';
import { jobCommand } from '../../runner/job/command.ts';
import { declare } from '../command.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';

/** Adds `territory runner job`, the other end of jobs by ssh. */
export function addRunnerJob(runner: Command, context: Context): void {
  const { terminal, stdin, signal } = context;
  declare(runner, context, {
    usage: 'job <verb> <folder> [offset]',
    summary: 'Start, ask, follow or cancel the job of a folder, also from elsewhere by ssh.',
    description:
      'VERB is `start` (the order comes as JSON on standard input), `state`, `follow` (from an offset ' +
      'of the log on, until the job or standard input ends) or `cancel`. Answers in lines of JSON. See ' +
      'docs/reference/runner-jobs.md.',
    examples: [
      ['territory runner job state /srv/runner/jobs/ID/run-1', 'how a job stands'],
      ['territory runner job cancel /srv/runner/jobs/ID/run-1', 'end it, whoever started it'],
    ],
  }).action(async (verb: string, folder: string, offset?: string) => {
    const args = offset === undefined ? [verb, folder] : [verb, folder, offset];
    const code = await jobCommand(args, { input: stdin, print: terminal.print, signal });
    if (code !== 0) context.finish(exitCodes.failed);
  });
}
