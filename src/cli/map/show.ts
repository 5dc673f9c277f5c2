import type { Command } from 'commander';
import type { MapAnswer, MapHealth, MapNodeView } from '../../server/api/contract-map.ts';
import { declare } from '../command.ts';
import { type ConnectionOptions, addConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { parseTime } from '../duration.ts';
import type { Terminal } from '../terminal.ts';
import { textTable } from '../text-table.ts';
import { printable, showTime } from '../words.ts';
import { fetchMap } from './answers.ts';
import { becauseText, stateText } from './health-words.ts';

type Options = ConnectionOptions & {
  readonly json?: boolean;
  readonly at?: string;
  readonly bad?: boolean;
};

const frames = [
  ['development', 'Development process'],
  ['pipeline', 'Deployment pipeline'],
  ['production', 'Production'],
  ['support', 'User issues'],
] as const;

/** Adds `territory map show`. */
export function addMapShow(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'show',
    summary: 'Show how everything on the map is, and because of what.',
    description:
      'Business processes first, then each quadrant with its nodes: what is shown, the way to its ' +
      'cause, and since when.',
    examples: [
      ['territory map show', 'how it is now'],
      ['territory map show --bad --at 2h', 'what was not well two hours ago'],
      [
        'territory map show --json | jq -r \'.nodes[] | select(.health.shown == "down") | .id\'',
        'for scripts',
      ],
    ],
  });
  command
    .option('--at <TIME>', 'as it was: RFC 3339, ms since the epoch, or a duration ago such as 2h')
    .option('--bad', 'only what is at risk, degraded or down')
    .option('--json', 'print the answer of the API as one JSON document');
  addConnectionOptions(command).action(async (options: Options) => {
    const { terminal } = context;
    const at = options.at === undefined ? undefined : parseTime(options.at, '--at', context.now());
    const { json, map } = await fetchMap(connect(options, context), at);
    if (options.json === true) return terminal.print(`${JSON.stringify(json)}\n`);
    await terminal.print(mapText(map, terminal, options.bad === true));
  });
}

/** The map as a tree of words. */
export function mapText(map: MapAnswer, { style }: Terminal, onlyBad = false): string {
  const { processes, nodes } = map;
  const wanted = <T extends { readonly health: MapHealth }>(list: readonly T[]): T[] =>
    list.filter(({ health }) => !onlyBad || isBad(health));
  const sections = [
    ['Business processes', wanted(processes).map(rowOf)] as const,
    ...frames.map(([quadrant, title]) => {
      const inside = wanted(nodes).filter((node) => node.quadrant === quadrant);
      return [title, nodeRows(inside)] as const;
    }),
  ].filter(([, rows]) => rows.length > 0);
  if (sections.length === 0) return `${headOf(map)}\n${nothing(map, onlyBad)}\n`;
  const rows = sections.flatMap(([title, of], number) => [
    ...(number > 0 ? [['', '', '', '']] : []),
    [style('bold', title), '', '', ''],
    ...of.map(({ name, health }) => [
      `  ${printable(name)}`,
      stateText(health.shown, style),
      becauseText(health),
      health.since === null || health.shown === 'no-evidence' ? '' : showTime(health.since),
    ]),
  ]);
  const heads = ['', 'is', 'because', 'since'].map((head) => ({ head }));
  return `${headOf(map)}\n\n${textTable(heads, rows, style)}`;
}

interface Row {
  readonly name: string;
  readonly health: MapHealth;
}

const rowOf = ({ id, health }: { readonly id: string; readonly health: MapHealth }): Row => ({
  name: id,
  health,
});

/** Groups as branches, their members below them. */
function nodeRows(nodes: readonly MapNodeView[]): Row[] {
  const alone = nodes.filter(({ group }) => group === undefined);
  const grouped = nodes.filter(({ group }) => group !== undefined);
  const names = [...new Set(grouped.map(({ group }) => group ?? ''))];
  return [
    ...alone.map(rowOf),
    ...names.flatMap((name) =>
      grouped
        .filter(({ group }) => group === name)
        .map(({ id, health }) => ({ name: `${name} / ${id}`, health })),
    ),
  ];
}

function headOf({ title, time, live, recorded, problems }: MapAnswer): string {
  const when = live ? 'now' : recorded ? 'as it was' : 'before anything was recorded';
  const head = `${title === '' ? '' : `${printable(title)}, `}${showTime(time)} (${when})`;
  const isWrong = problems.some(({ kind, severity }) => kind === 'file' && severity === 'error');
  return isWrong
    ? `${head}\n! its file has an error and is not used; \`territory map check\` says where`
    : head;
}

function nothing({ nodes, version }: MapAnswer, onlyBad: boolean): string {
  if (nodes.length === 0)
    return version === null
      ? 'there is no map yet; `territory map draft` draws one of what was seen'
      : 'there is nothing on the map';
  return onlyBad ? 'nothing is known to be bad' : '';
}

const isBad = ({ shown }: MapHealth): boolean => shown !== 'ok' && shown !== 'no-evidence';
