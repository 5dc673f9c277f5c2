import type { Command } from 'commander';
import type { MapProblemView } from '../../server/api/contract-map.ts';
import { declare } from '../command.ts';
import { type ConnectionOptions, addConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { plural, printable, showTime } from '../words.ts';
import { fetchMap } from './answers.ts';
import { countFaults, printFaults } from './fault-lines.ts';
import { checkFile } from './map-text.ts';

type Options = ConnectionOptions & { readonly json?: boolean };

/** Adds `territory map check`. */
export function addMapCheck(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'check [file]',
    summary: 'Check a map as it is written, or how it agrees with what happens.',
    description:
      'With FILE (- is stdin) prints FILE:LINE:COLUMN: message for each fault of it and of what it ' +
      'imports, and ends with 2 if one is an error; needs no server. Without FILE asks the server ' +
      'where its map and what happens do not agree, with the evidence, and ends with 1 if its map ' +
      'has an error.',
    examples: [
      ['territory map check map.yaml', 'before a commit, or in CI'],
      ['territory map check', 'never seen, never declared, stale, contradictions'],
      [
        'territory map check --json | jq -r \'.[] | select(.kind == "stale") | .node\'',
        'stale nodes',
      ],
    ],
  });
  command.option('--json', 'print what was found as one JSON document');
  addConnectionOptions(command).action(async (file: string | undefined, options: Options) =>
    file === undefined ? askServer(options, context) : checkHere(file, options, context),
  );
}

async function checkHere(file: string, { json }: Options, context: Context): Promise<void> {
  const { terminal, finish } = context;
  const { model, faults } = await checkFile(file, context);
  if (json === true) await terminal.print(`${JSON.stringify(faults)}\n`);
  else await printFaults(faults, terminal);
  const has = model
    ? `${plural(model.nodes.size, 'node')}, ${plural(model.edges.length, 'edge')}, ${plural(model.processes.size, 'process', 'processes')}; `
    : '';
  terminal.say(`${has}${countFaults(faults)}`);
  if (faults.some(({ severity }) => severity === 'error')) finish(exitCodes.badInput);
}

async function askServer(options: Options, context: Context): Promise<void> {
  const { terminal, finish } = context;
  const { map } = await fetchMap(connect(options, context));
  const { problems, time } = map;
  if (problems.some(({ kind, severity }) => kind === 'file' && severity === 'error'))
    finish(exitCodes.failed);
  if (options.json === true) return terminal.print(`${JSON.stringify(problems)}\n`);
  if (problems.length === 0)
    return terminal.print('the map and what happens agree, as far as anything was seen\n');
  const shown = { time, style: terminal.style };
  const texts = Object.entries(heads).flatMap(([kind, head]) => {
    const those = problems.filter((one) => one.kind === kind);
    return those.length === 0 ? [] : [textOf(head, those, shown)];
  });
  await terminal.print(texts.join('\n'));
}

/** In the order in which they are told. */
const heads: Readonly<Record<MapProblemView['kind'], string>> = {
  file: 'The map itself',
  contradiction: 'Contradictions',
  unexplained: 'Not explained by what is needed',
  'need-without-effect': 'Needs without effect',
  stale: 'Not seen for long',
  'declared-never-seen': 'Declared, never seen',
  'seen-never-declared': 'Seen, never declared',
};

interface Shown {
  readonly time: number;
  readonly style: Context['terminal']['style'];
}

function textOf(head: string, problems: readonly MapProblemView[], { time, style }: Shown): string {
  const title = style('bold', `${head} (${problems.length})`);
  const lines = problems.flatMap((one) => [
    `  ${printable(one.message)}${placeOf(one)}`,
    `    for ${ageOf(time - one.since)}`,
    ...one.evidence.map(
      ({ stream, offset, time: at, text }) =>
        `    ${showTime(at)} ${offset > 0 ? `${stream}/${offset} ` : ''}${printable(text)}`,
    ),
    ...snippetLines(one),
  ]);
  return `${title}\n${lines.join('\n')}\n`;
}

const placeOf = ({ place }: MapProblemView): string =>
  place === undefined ? '' : ` (${printable(place.file)}:${place.line}:${place.column})`;

function snippetLines({ snippet }: MapProblemView): string[] {
  if (snippet === undefined || snippet.trim() === '') return [];
  const lines = snippet.replace(/\n$/, '').split('\n');
  return ['    put it on the map:', ...lines.map((line) => `    | ${printable(line)}`)];
}

/** `3d 4h`; the two greatest units. */
function ageOf(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  const units = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60] as const;
  const parts = (['d', 'h', 'm'] as const).flatMap((unit, i) =>
    (units[i] ?? 0) > 0 ? [`${units[i]}${unit}`] : [],
  );
  return parts.length === 0 ? 'less than a minute' : parts.slice(0, 2).join(' ');
}
