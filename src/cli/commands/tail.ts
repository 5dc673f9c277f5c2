import { setTimeout as delay } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { CodedError } from '../../errors/coded-error.ts';
import { ProblemAnswer, open } from '../api.ts';
import { declare } from '../command.ts';
import {
  type Connection,
  type ConnectionOptions,
  addConnectionOptions,
  connect,
} from '../connection.ts';
import type { Context } from '../context.ts';
import { parseTime } from '../duration.ts';
import { cliErrors } from '../errors.ts';
import { eventLine } from '../event-view.ts';
import { type Message, type Position, readMessages } from '../../client/sse.ts';
import type { PlacedEvent } from '../../server/api/contract.ts';

interface TailOptions extends ConnectionOptions {
  readonly facts?: boolean;
  readonly readings?: boolean;
  readonly since?: string;
  readonly limit?: number;
  readonly sample?: number;
  readonly json?: boolean;
}

const whole = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It must be a number above 0.');
  return Number(text);
};

/** Adds `territory tail`. */
export function addTail(program: Command, context: Context): void {
  const command = declare(program, context, {
    usage: 'tail [where]',
    summary: 'Show events as they arrive.',
    description:
      'Goes on where it was after a lost connection, without a gap as long as the log still holds ' +
      'the events. End it with Ctrl-C.',
    examples: [
      ['territory tail', 'everything'],
      ['territory tail \'state = "critical" or type =~ "dev.cdevents.incident%"\'', 'what is bad'],
      [
        'territory tail --facts --since 1h --json | jq -r .subject',
        'facts of the last hour, then live',
      ],
      ['territory tail --limit 1 \'name = "heartbeat"\'', 'wait for the next one'],
    ],
  });
  command
    .option('--facts', 'only facts')
    .option('--readings', 'only readings')
    .option(
      '--since <TIME>',
      'start there: RFC 3339, ms since the epoch, 15m for that long ago, or "start"',
    )
    .option('--sample <N>', 'at most N events a second; how many were left out is said', whole)
    .option('--limit <N>', 'end after N events', whole)
    .option('--json', 'print each event as one JSON line');
  addConnectionOptions(command).action(async (where: string | undefined, options: TailOptions) => {
    if (options.facts === true && options.readings === true)
      throw cliErrors('USAGE', 'give --facts or --readings; without either, both are shown');
    await tail(where, options, context);
  });
}

interface Follow {
  readonly connection: Connection;
  readonly path: string;
  readonly context: Context;
  readonly options: TailOptions;
  readonly position: Position;
  left: number;
}

async function tail(
  where: string | undefined,
  options: TailOptions,
  context: Context,
): Promise<void> {
  const parameters = new URLSearchParams();
  if (where !== undefined) parameters.set('where', where);
  if (options.facts === true) parameters.set('stream', 'facts');
  if (options.readings === true) parameters.set('stream', 'readings');
  if (options.sample !== undefined) parameters.set('sample', String(options.sample));
  if (options.since === 'start') parameters.set('from', 'start');
  else if (options.since !== undefined)
    parameters.set('since', String(parseTime(options.since, '--since', context.now())));
  const follow: Follow = {
    connection: connect(options, context),
    path: `api/v1/tail?${parameters.toString()}`,
    context,
    options,
    position: { id: '', retry: undefined },
    left: options.limit ?? Number.POSITIVE_INFINITY,
  };
  for (let failures = 0; follow.left > 0; failures++) {
    // oxlint-disable-next-line no-await-in-loop -- one connection after the other
    const got = await followOnce(follow, failures > 0);
    if (follow.left <= 0) return;
    if (got) failures = 0;
    const wait = Math.min(10_000, (follow.position.retry ?? 500) * 2 ** Math.min(failures, 6));
    context.terminal.say(`connection lost; trying again in ${(wait / 1000).toFixed(1)} s`);
    // oxlint-disable-next-line no-await-in-loop
    await delay(wait, undefined, { signal: context.signal });
  }
}

/** Follows until the connection ends; true when it had been open. */
async function followOnce(follow: Follow, again: boolean): Promise<boolean> {
  const { connection, context } = follow;
  let opened = false;
  const leave = new AbortController();
  try {
    const response = await openStream(follow, leave.signal);
    opened = true;
    if (again) context.terminal.say('connected again');
    if (response.body === null) throw cliErrors('ANSWER', 'the tail has no body');
    for await (const message of readMessages(response.body, follow.position)) {
      await show(message, follow);
      if (follow.left <= 0) break;
    }
  } catch (error) {
    connection.signal.throwIfAborted();
    if (!isPassing(error, opened || again)) throw error;
  } finally {
    leave.abort();
  }
  return opened;
}

/** Only the headers have a time limit: a tail may be silent for as long as nothing happens. */
async function openStream({ connection, path, position }: Follow, leave: AbortSignal) {
  const tooLate = new AbortController();
  const timer = setTimeout(() => tooLate.abort(), connection.timeoutMs);
  try {
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (position.id !== '') headers['last-event-id'] = position.id;
    const signal = AbortSignal.any([tooLate.signal, connection.signal, leave]);
    return await open(connection, { method: 'GET', path, headers }, signal);
  } catch (error) {
    if (tooLate.signal.aborted)
      throw cliErrors('TIMEOUT', `no answer within ${connection.timeoutMs} ms`, { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** A first connection that fails is told at once; one that was there is waited for. */
function isPassing(error: unknown, wasOpen: boolean): boolean {
  if (error instanceof ProblemAnswer)
    return error.problem.status === 429 || error.problem.status === 503;
  if (!wasOpen) return false;
  return !(error instanceof CodedError) || error.status >= 500;
}

async function show(message: Message, follow: Follow): Promise<void> {
  const { terminal } = follow.context;
  const data = JSON.parse(message.data) as Partial<PlacedEvent>; // shape checked just below
  if (typeof data.type !== 'string' || typeof data.time !== 'number') {
    terminal.say(noticeOf(message));
    return;
  }
  follow.left--;
  const event = data as PlacedEvent;
  await terminal.print(
    follow.options.json === true ? `${message.data}\n` : `${eventLine(event, terminal.style)}\n`,
  );
}

/** What the server says about the tail itself, in words. */
function noticeOf({ event, data }: Message): string {
  const notice = JSON.parse(data) as Record<string, unknown>; // read field by field
  const { stream, from, to, events, skipped } = notice;
  if (event === 'trimmed')
    return `${String(stream)} ${String(from)} to ${Number(to) - 1} have left the log and are missing here`;
  if (event === 'lagging') return `behind by ${String(events)} ${String(stream)}; catching up`;
  if (event === 'skipped') return `${String(skipped)} events were left out`;
  return `${event}: ${data}`;
}
