import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { Draft } from '../../event/event.ts';
import { type Report, deployFact } from '../../rooms/where/facts.ts';
import { declare } from '../command.ts';
import { type ConnectionOptions, addConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { exitCodeOf, openDelivery } from '../delivery.ts';
import { parseDuration, parseTime } from '../duration.ts';
import { cliErrors } from '../errors.ts';
import { printable } from '../words.ts';

interface Options extends ConnectionOptions {
  readonly to: string;
  readonly id?: string;
  readonly commit?: string;
  readonly repository?: string;
  readonly artifact?: string;
  readonly runUrl?: string;
  readonly by?: string;
  readonly reason?: string;
  readonly time?: string;
  readonly rollback?: boolean;
  readonly retryFor: string;
  readonly json?: boolean;
}

interface Told {
  readonly report: Report;
  readonly summary: string;
  readonly example: string;
}

const reports: readonly Told[] = [
  {
    report: 'started',
    summary: 'Report that your own pipeline has begun a deploy.',
    example:
      'territory deploy started shop 1.4.2 --to production --id "$CI_PIPELINE_ID" --commit "$CI_COMMIT_SHA"',
  },
  {
    report: 'finished',
    summary: 'Report that the deploy of your own pipeline is done, and its version runs.',
    example: 'territory deploy finished shop 1.4.2 --to production --id "$CI_PIPELINE_ID"',
  },
  {
    report: 'failed',
    summary: 'Report that the deploy of your own pipeline failed.',
    example:
      'territory deploy failed shop 1.4.2 --to production --id "$CI_PIPELINE_ID" --reason "smoke test: 502"',
  },
  {
    report: 'cancelled',
    summary: 'Report that the deploy of your own pipeline was cancelled.',
    example: 'territory deploy cancelled shop 1.4.2 --to production --id "$CI_PIPELINE_ID"',
  },
];

/** Adds `territory deploy started|finished|failed|cancelled`: for pipelines that deploy themselves. */
export function addReports(parent: Command, context: Context): void {
  for (const told of reports) addReport(parent, context, told);
}

function addReport(parent: Command, context: Context, { report, summary, example }: Told): void {
  const command = declare(parent, context, {
    usage: `${report} <app> <version>`,
    summary,
    description:
      'The same report with the same --id is taken once, so that a step that is run again does no harm. ' +
      'Without --id the end is joined to the deploy of that version that is under way.',
    examples: [[example, 'from a pipeline']],
  });
  command
    .requiredOption('--to <ENVIRONMENT>', 'the environment')
    .option('--id <ID>', 'names the deploy in all its reports (default: none)')
    .option('--commit <SHA>', 'the commit that the version was built from')
    .option('--repository <URL>', 'the repository of the commit')
    .option('--artifact <ID>', 'package-url of what is deployed (default: pkg:generic/APP@VERSION)')
    .option('--run-url <URL>', 'where a person can look at the run')
    .option('--by <NAME>', 'who deploys')
    .option('--reason <TEXT>', 'why, in a sentence')
    .option('--time <TIME>', 'when it was: RFC 3339, ms since the epoch, or a duration ago');
  if (report === 'finished')
    command.option('--rollback', 'it went back to an older version: told as a rollback');
  command
    .option('--retry-for <DURATION>', 'how long to go on trying while the server is busy', '1m')
    .option('--json', 'print what became of it as one JSON document');
  addConnectionOptions(command).action(async (app: string, version: string, options: Options) => {
    const fact = factOf(report, { app, version }, { options, now: context.now() });
    await deliver(fact, options, context);
  });
}

function factOf(
  report: Report,
  { app, version }: { readonly app: string; readonly version: string },
  { options, now }: { readonly options: Options; readonly now: number },
): Draft {
  const { to, id, commit, repository, artifact, reason } = options;
  for (const [name, text] of Object.entries({
    APP: app,
    VERSION: version,
    '--to': to,
    '--id': id ?? '–',
  }))
    if (text.trim() === '' || text.length > 200)
      throw cliErrors('USAGE', 'give a name of 1 to 200 characters', { field: name });
  return deployFact({
    report,
    app,
    version,
    environment: to,
    id,
    unique: randomUUID(),
    time: options.time === undefined ? now : parseTime(options.time, '--time', now),
    rollback: options.rollback === true,
    commit,
    repository,
    artifact,
    url: options.runUrl,
    actor: options.by,
    reason,
  });
}

async function deliver(fact: Draft, options: Options, context: Context): Promise<void> {
  const { terminal } = context;
  const delivery = openDelivery(connect(options, context), {
    retryForMs: parseDuration(options.retryFor, '--retry-for'),
    onWait: (why, ms) => terminal.say(`waiting ${Math.round(ms)} ms: ${why}`),
    onRefused: ({ message, code }) => terminal.say(`refused: ${message} ${code}`),
  });
  await delivery.send({ lines: [JSON.stringify(fact)], places: [1] });
  const { accepted, duplicates, refused, errors } = delivery.report();
  context.finish(exitCodeOf(delivery.report()));
  const deployment = fact.attributes?.['deployment.id'] ?? null;
  if (options.json === true) {
    const { id, source, type } = fact;
    const document = { deployment, accepted, duplicates, refused, errors, id, source, type };
    await terminal.print(`${JSON.stringify(document)}\n`);
    return;
  }
  if (refused > 0) return;
  const known = duplicates > 0 ? ', known already' : '';
  await terminal.print(
    `${options.id === undefined ? '' : `deploy ${printable(options.id)}: `}reported${known}\n`,
  );
}
