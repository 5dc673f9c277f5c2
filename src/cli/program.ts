import { Command } from 'commander';
import { addAlerts } from './commands/alerts.ts';
import { addDemo } from './commands/demo.ts';
import { addDeploy } from './commands/deploy.ts';
import { addApp } from './commands/app.ts';
import { addBlock } from './commands/block.ts';
import { addCalendar } from './commands/calendar.ts';
import { addFollow } from './commands/follow.ts';
import { addFreeze } from './commands/freeze.ts';
import { addGates } from './commands/gates.ts';
import { addHook } from './commands/hook.ts';
import { addImport } from './commands/import-git.ts';
import { addInit } from './app/init.ts';
import { addLock } from './commands/lock.ts';
import { addMap } from './commands/map.ts';
import { addMigrations } from './commands/migrations.ts';
import { addQuery } from './commands/query.ts';
import { addRedirects } from './commands/redirects.ts';
import { addRelease } from './commands/release.ts';
import { addRules } from './commands/rules.ts';
import { addRunner } from './commands/runner.ts';
import { addSources } from './commands/sources.ts';
import { addSend } from './commands/send.ts';
import { addServe } from './commands/serve.ts';
import { addTest } from './commands/test.ts';
import { addTail } from './commands/tail.ts';
import { addToken } from './commands/token.ts';
import { addUser } from './commands/user.ts';
import { declareCheck } from './check/options.ts';
import { addSteps } from './commands/steps.ts';
import { addVersion } from './commands/version.ts';
import { addWebhook } from './commands/webhook.ts';
import { addWindow } from './commands/window.ts';
import { addWhere } from './commands/where.ts';
import { addCompletion } from './commands/completion.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExport } from './commands/export.ts';
import { addEnvironment } from './commands/environment.ts';
import { addGatekeepers } from './commands/gatekeepers.ts';
import { addLogs } from './commands/logs.ts';
import { addQueue } from './commands/queue.ts';
import { addReserve } from './commands/reserve.ts';
import { addRollback } from './commands/rollback.ts';
import { addRestore } from './commands/restore.ts';
import type { Context } from './context.ts';
import { ownVersion } from '../server/version.ts';

/** The whole command line. Errors are thrown, never an exit. */
export function buildProgram(context: Context): Command {
  const program = new Command('territory')
    .description('The control room made of what really happened.')
    .version(ownVersion(), '--version', 'print the version')
    .helpCommand(false)
    // Flags belong to the command behind which they stand: `deploy` has some, and `deploy started`.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.terminal.print(text),
      writeErr: (text) => context.terminal.say(text.replace(/\n$/, '')),
    });
  addServe(program, context);
  addDemo(program, context);
  addSend(program, context);
  addTail(program, context);
  addQuery(program, context);
  addRules(program, context);
  addMap(program, context);
  addInit(program, context);
  addApp(program, context);
  addRelease(program, context);
  addDeploy(program, context);
  addRollback(program, context);
  addQueue(program, context);
  addLogs(program, context);
  addEnvironment(program, context);
  addReserve(program, context);
  addGatekeepers(program, context);
  addRunner(program, context);
  addMigrations(program, context);
  addWhere(program, context);
  addGates(program, context);
  addLock(program, context);
  addFreeze(program, context);
  addBlock(program, context);
  addWindow(program, context);
  addCalendar(program, context);
  addSources(program, context);
  addFollow(program, context);
  addImport(program, context);
  addHook(program, context);
  addAlerts(program, context);
  addWebhook(program, context);
  addToken(program, context);
  addUser(program, context);
  addDoctor(program, context);
  addExport(program, context);
  addRestore(program, context);
  addCompletion(program, context);
  declareCheck(program);
  addTest(program, context);
  addSteps(program, context);
  addRedirects(program, context);
  addVersion(program, context);
  return program;
}
