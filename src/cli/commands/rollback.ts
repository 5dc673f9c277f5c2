import type { Command } from 'commander';
import { declare } from '../command.ts';
import { addConnectionOptions } from '../connection.ts';
import type { Context } from '../context.ts';
import type { DeployOptions } from '../deploys/asking.ts';
import { requestDeploy } from './deploy.ts';

interface RollbackOptions extends DeployOptions {
  readonly in: string;
  readonly to?: string;
  readonly reason?: string;
  readonly watch?: boolean;
}

/** Adds `territory rollback` and `territory rehearse`. */
export function addRollback(program: Command, context: Context): void {
  const command = declare(program, context, {
    usage: 'rollback <app>',
    summary: 'Go back to the last version that was verified good there.',
    description:
      'It goes ahead of the queue, and past windows, freezes, post-its, red checks, approvals and the order of environments. ' +
      'Down migrations are never run by it. Ends as `territory deploy` does.',
    examples: [
      ['territory rollback shop --in production --watch', 'one command'],
      [
        'territory rollback shop --in production --to release_410',
        'to another that was good there',
      ],
    ],
  });
  command
    .requiredOption('--in <ENVIRONMENT>', 'the environment')
    .option('--to <VERSION>', 'the version (default: the last that was verified good there)')
    .option('--reason <TEXT>', 'why; it stands on the deploy')
    .option('--watch', 'show stages and log until it ended')
    .option('--json', 'print the deploy as one JSON document');
  addConnectionOptions(command).action(async (app: string, options: RollbackOptions) => {
    const { in: environment, to, reason } = options;
    const json = {
      app,
      environment,
      ...(to !== undefined && { to }),
      ...(reason !== undefined && { reason }),
    };
    await requestDeploy({ path: '/rollback', json }, options, context);
  });
  addRehearse(program, context);
}

function addRehearse(program: Command, context: Context): void {
  const command = declare(program, context, {
    usage: 'rehearse <app> <version>',
    summary: 'Rehearse going back: forward, back and forward again, with the seconds it takes.',
    description:
      'What came of it stands beside every rollback of the version. Ends as `territory deploy` does.',
    examples: [['territory rehearse shop release_412 --in staging --watch', 'before production']],
  });
  command
    .requiredOption('--in <ENVIRONMENT>', 'the environment')
    .option('--reason <TEXT>', 'why; it stands on the deploy')
    .option('--watch', 'show stages and log until it ended')
    .option('--json', 'print the deploy as one JSON document');
  addConnectionOptions(command).action(
    async (app: string, version: string, options: RollbackOptions) => {
      const { in: environment, reason } = options;
      const json = {
        app,
        version,
        environment,
        kind: 'rehearsal',
        ...(reason !== undefined && { reason }),
      };
      await requestDeploy({ path: '', json }, options, context);
    },
  );
}
