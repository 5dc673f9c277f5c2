import type { Command } from 'commander';
import { Value } from 'typebox/value';
import { MapAnswer } from '../../server/api/contract-map.ts';
import { FlowAnswer } from '../../server/api/contract-map-flow.ts';
import { call } from '../api.ts';
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
import { timesText } from './times-view.ts';

type Options = ConnectionOptions & {
  readonly json?: boolean;
  readonly from?: string;
  readonly to?: string;
};

/** Adds `territory map times`. */
export function addMapTimes(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'times [stream]',
    summary: 'Where work waits: the times of a value stream and of its stages.',
    description:
      'Lead time, work, wait and rework of each stage as medians, the share that never came back (%C/A), what is in progress, and the stage that makes work wait longest. Of what was finished between --from and --to, the last 30 days if neither is given. Without a stream: all of the map.',
    examples: [
      ['territory map times', 'all streams of the map, the last 30 days'],
      ['territory map times delivery --from 7d', 'one stream, the last week'],
      ["territory map times delivery --json | jq '.bottleneck.sentence'", 'for scripts'],
    ],
  });
  command
    .option('--from <time>', 'RFC 3339, a day, ms since the epoch, or a duration ago such as 7d')
    .option('--to <time>', 'the same; now if not given')
    .option('--json', 'print the answers of the API, one JSON document a line');
  addConnectionOptions(command).action(async (stream: string | undefined, options: Options) => {
    const connection = connect(options, context);
    const streams = stream === undefined ? await streamsOf(connection) : [stream];
    const { terminal } = context;
    for (const [at, id] of streams.entries()) {
      // oxlint-disable-next-line no-await-in-loop -- in this order
      const answer = await timesOf(connection, id, windowOf(options, context.now()));
      const text =
        options.json === true
          ? `${JSON.stringify(answer)}\n`
          : `${at > 0 ? '\n' : ''}${timesText(answer, terminal.style)}`;
      // oxlint-disable-next-line no-await-in-loop -- in this order
      await terminal.print(text);
    }
    if (streams.length === 0 && options.json !== true)
      await terminal.print(
        'the map has no streams; docs/reference/map-times.md says how to add one\n',
      );
  });
}

function windowOf({ from, to }: Options, now: number): Record<string, string> {
  const time = (text: string | undefined, field: string): Record<string, string> =>
    text === undefined ? {} : { [field]: String(parseTime(text, field, now)) };
  return { ...time(from, 'from'), ...time(to, 'to') };
}

async function streamsOf(connection: Connection): Promise<string[]> {
  const answer = await call(connection, { method: 'GET', path: 'api/v1/map' });
  if (!Value.Check(MapAnswer, answer)) throw notUnderstood();
  return answer.streams.map(({ id }) => id);
}

async function timesOf(
  connection: Connection,
  stream: string,
  window: Record<string, string>,
): Promise<FlowAnswer> {
  const query = new URLSearchParams({ stream, ...window });
  const path = `api/v1/map/flow?${query.toString()}`;
  const answer = await call(connection, { method: 'GET', path });
  if (!Value.Check(FlowAnswer, answer)) throw notUnderstood();
  return answer;
}

const notUnderstood = () =>
  cliErrors('ANSWER', 'the answer can not be understood; is the server of another version?');
