import type { Command } from 'commander';
import { downsOf } from '../../runner/migrations/known.ts';
import { type StepBack, stepsBack } from '../../runner/migrations/plan.ts';
import { declare } from '../command.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { printable } from '../words.ts';
import { type Ground, type GroundOptions, openGround } from './ground.ts';
import { addGroundOptions } from './options.ts';

type Options = GroundOptions & {
  readonly db: string;
  readonly to: string;
  readonly yes?: boolean;
};

/** Adds `territory migrations down`. */
export function addMigrationsDown(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'down <app>',
    summary: 'Take back what ran on a database; what it loses is shown first.',
    description:
      'Without --yes only shows the steps, the last first, with the statements that lose data. A ' +
      'deploy or a rollback never does this. Refused, with 2, when a step has no way back.',
    examples: [
      [
        'territory migrations down shop --in staging --db orders-db --to 0003_mail',
        'what would it lose?',
      ],
      [
        'territory migrations down shop --in staging --db orders-db --to 0003_mail --yes',
        'take it back',
      ],
    ],
  });
  addGroundOptions(command)
    .requiredOption('--db <NAME>', 'the database, as territory.yaml calls it')
    .requiredOption('--to <ID>', 'the last migration that stays; "none": all are taken back')
    .option('--yes', 'take them back')
    .action(async (app: string, options: Options) => {
      const ground = await openGround(app, options, context);
      await goBack(ground, options, context);
    });
}

async function goBack(ground: Ground, options: Options, context: Context): Promise<void> {
  const { db, to, yes } = options;
  const { terminal, signal, finish } = context;
  const migrator = ground.migrator(db);
  const applied = await migrator.applied(signal);
  if (to !== 'none' && !applied.some(({ id }) => id === to))
    throw cliErrors('INPUT', `${to} did not run on ${db}`, { field: '--to' });
  const downs = await downsOf(ground.known, db, applied);
  const texts = new Map([...downs].map(([id, { downText }]) => [id, downText]));
  const steps = stepsBack(applied, texts, to === 'none' ? null : to);
  if (steps.length === 0) return terminal.say(`nothing ran after ${to}`);
  await terminal.print(steps.map(lineOf).join(''));
  for (const one of needing(ground, db, steps)) terminal.say(`warning: ${printable(one)}`);
  if (steps.some(({ down }) => down === null)) {
    terminal.say('refused: not all of them can be taken back');
    return finish(exitCodes.badInput);
  }
  if (yes !== true) return terminal.say('nothing was done; --yes does it');
  const wanted = steps.flatMap(({ id }) => downs.get(id) ?? []);
  const say = (text: string): void => terminal.say(printable(text));
  await migrator.back(wanted, { version: 'by hand', say, signal });
}

const lineOf = ({ id, down, loses }: StepBack): string => {
  const what =
    down === null
      ? 'can not be taken back: no artefact here has a down for it'
      : loses.length === 0
        ? 'loses nothing that a scan finds'
        : `LOSES ${loses.join('; ')}`;
  return `${printable(id)}  ${printable(what)}\n`;
};

/** Instances whose release was written for what would go. */
function needing({ known, instances }: Ground, db: string, steps: readonly StepBack[]): string[] {
  const going = new Set(steps.map(({ id }) => id));
  return instances
    .filter(({ wish }) => wish.wanted === 'up')
    .flatMap(({ wish: { slot, version, digest } }) => {
      const own = known.find(({ release }) => release.digest === digest)?.release.migrations ?? [];
      const needed = own.filter((one) => one.db === db && going.has(one.id)).map(({ id }) => id);
      return needed.length === 0
        ? []
        : [`${slot} runs ${version}, which was written for ${needed.join(', ')}`];
    });
}
