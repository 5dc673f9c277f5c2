import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import { type Command, Option } from 'commander';
import { collect, declare } from '../command.ts';
import { type ConnectionOptions, addConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { type Delivery, type Refused, exitCodeOf, openDelivery } from '../delivery.ts';
import { parseDuration } from '../duration.ts';
import { cliErrors } from '../errors.ts';
import { type Place, readEvents } from '../event-input.ts';
import { type EventFlags, draftFromFlags } from '../event-flags.ts';
import { showProgress } from '../progress.ts';

interface SendOptions extends ConnectionOptions, EventFlags {
  readonly file?: string;
  readonly ids?: string;
  readonly retryFor: string;
  readonly json?: boolean;
}

const maxSaid = 20;

/** Adds `territory send`. */
export function addSend(program: Command, context: Context): void {
  const command = declare(program, context, {
    usage: 'send [type]',
    summary: 'Send one event from flags, or many from a file or stdin.',
    description:
      'With a type, one event is made from the flags. Without one, NDJSON or JSON is read from ' +
      '--file or stdin and sent in batches. Events without an id get one before they are sent, so ' +
      'that a batch sent again after a lost answer is taken once.',
    examples: [
      [
        'territory send metric --name queue.depth --metric 12 --service web --label queue=mail',
        'one reading',
      ],
      [
        'territory send dev.cdeventsx.acme-review.finished.0.1.0 --subject review/12 --data \'{"verdict":"ok"}\'',
        'one fact',
      ],
      ['territory send --file events.ndjson', 'a file, with progress'],
      ['tail -F app.ndjson | territory send --ids "app-$(date +%s)-"', 'lines as they are written'],
    ],
  });
  addEventOptions(command)
    .option('-f, --file <FILE>', 'NDJSON, a JSON array or one JSON object; - is stdin')
    .option(
      '--ids <PREFIX>',
      'ids of events that have none are PREFIX and their line; the same prefix makes sending the file again a no-op',
    )
    .option('--retry-for <DURATION>', 'how long to go on trying while the server is busy', '1m')
    .option('--json', 'print the counts and refusals as one JSON document');
  addConnectionOptions(command).action(async (type: string | undefined, options: SendOptions) => {
    await send(type, options, context);
  });
}

function addEventOptions(command: Command): Command {
  const one = (flags: string, description: string): Option =>
    new Option(flags, description).helpGroup('Options of one event:');
  const options = [
    one('--id <ID>', 'its id, unique per source (default: a random one)'),
    one('--time <TIME>', 'when it happened: RFC 3339, or ms since the epoch (default: now)'),
    one('--source <URI>', 'who says so (default: the source of the token)'),
    one('--subject <SUBJECT>', 'what it is about'),
    one('--service <NAME>', 'service.name'),
    one('--host <NAME>', 'host.name'),
    one('--environment <NAME>', 'deployment.environment.name'),
    one('--name <NAME>', 'name of the metric or check'),
    one('--state <STATE>', 'ok, warning, critical, unknown, or a word of your own'),
    one('--metric <NUMBER>', 'the reading'),
    one('--ttl <SECONDS>', 'seconds until the reading is stale'),
    one('--tag <TAG>', 'a tag (may be repeated)').argParser(collect),
    one('--label <KEY=VALUE>', 'an attribute (may be repeated)').argParser(collect),
    one('--data <JSON>', 'the payload; what is no JSON is sent as text'),
  ];
  for (const option of options) command.addOption(option);
  return command;
}

async function send(
  type: string | undefined,
  options: SendOptions,
  context: Context,
): Promise<void> {
  const { terminal } = context;
  const connection = connect(options, context);
  let place: Place = 'line';
  let said = 0;
  const delivery = openDelivery(connection, {
    retryForMs: parseDuration(options.retryFor, '--retry-for'),
    onWait: (why, ms) => terminal.say(`waiting ${Math.round(ms)} ms: ${why}`),
    onRefused: (refused) => {
      if (++said <= maxSaid)
        terminal.say(showRefused(refused, type === undefined ? place : undefined));
      if (said === maxSaid + 1) terminal.say('more were refused; --json lists up to 1,000');
    },
  });
  if (type === undefined)
    await sendInput(options, context, { delivery, onPlace: (found) => (place = found) });
  else {
    const draft = draftFromFlags(type, options, randomUUID());
    await delivery.send({ lines: [JSON.stringify(draft)], places: [1] });
  }
  await printReport(delivery, place, { context, json: options.json === true });
}

async function sendInput(
  options: SendOptions,
  context: Context,
  to: { readonly delivery: Delivery; readonly onPlace: (place: Place) => void },
): Promise<void> {
  const progress = showProgress(context.terminal, 'events');
  try {
    const input = openInput(options.file, context);
    for await (const parcel of readEvents(input, options.ids ?? `${randomUUID()}-`)) {
      to.onPlace(parcel.place);
      await to.delivery.send(parcel);
      progress.advance(parcel.lines.length);
    }
  } finally {
    progress.stop();
  }
}

function openInput(file: string | undefined, context: Context): AsyncIterable<Uint8Array> {
  if (file === undefined && context.stdin.isTTY)
    throw cliErrors(
      'USAGE',
      'nothing to send: give a type and flags, --file FILE, or events on stdin (see --help)',
    );
  if (file === undefined || file === '-') return addAbortSignal(context.signal, context.stdin);
  const stream = createReadStream(file, { highWaterMark: 512 * 1024 });
  return readable(addAbortSignal(context.signal, stream), file);
}

async function* readable(stream: AsyncIterable<Uint8Array>, file: string) {
  try {
    yield* stream;
  } catch (error) {
    if (error instanceof Error && 'syscall' in error)
      throw cliErrors('INPUT', `can not read ${file}: ${error.message}`, {
        field: '--file',
        cause: error,
      });
    throw error;
  }
}

function showRefused(refused: Refused, place: Place | undefined): string {
  const where = place === undefined ? '' : `${place} ${refused.at}: `;
  const field = refused.field === undefined ? '' : ` (${refused.field})`;
  return `refused: ${where}${refused.message}${field} ${refused.code}`;
}

async function printReport(
  delivery: Delivery,
  place: Place,
  how: { readonly context: Context; readonly json: boolean },
): Promise<void> {
  const report = delivery.report();
  how.context.finish(exitCodeOf(report));
  const { accepted, duplicates, refused, errors } = report;
  if (how.json) {
    const listed = errors.map(({ at, ...rest }) =>
      place === 'line' ? { line: at, ...rest } : { index: at - 1, ...rest },
    );
    const document = { accepted, duplicates, refused, errors: listed };
    await how.context.terminal.print(`${JSON.stringify(document)}\n`);
    return;
  }
  const parts = [`${accepted.toLocaleString('en')} accepted`];
  if (duplicates > 0) parts.push(`${duplicates.toLocaleString('en')} known already`);
  if (refused > 0) parts.push(`${refused.toLocaleString('en')} refused`);
  await how.context.terminal.print(`${parts.join(', ')}\n`);
}
