import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import type { MapModel } from '../../rooms/map/model.ts';
import type { Drawing } from '../../rooms/map/picture/drawing.ts';
import { open } from '../api.ts';
import { declare } from '../command.ts';
import { type ConnectionOptions, addConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { parseTime } from '../duration.ts';
import { cliErrors } from '../errors.ts';
import { countFaults, printFaults } from './fault-lines.ts';
import { checkFile } from './map-text.ts';

type Options = ConnectionOptions & {
  readonly out: string;
  readonly theme: 'light' | 'dark';
  readonly expand?: string;
  readonly at?: string;
  readonly width?: string;
};

/** Adds `territory map render`. */
export function addMapRender(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'render [file]',
    summary: 'Draw the map into an SVG or PNG.',
    description:
      'With FILE (- is stdin) draws a map as it is declared, without health; needs no server. ' +
      'Without FILE draws the map of the server with its health, now or at a time. The ending of ' +
      '--out decides what is written; a PNG needs a font on the machine that draws it.',
    examples: [
      ['territory map render map.yaml -o map.svg', 'as it is declared'],
      ['territory map render -o map.png --theme dark --width 3840', 'how everything is now'],
      ['territory map render -o then.svg --at 2h --expand web,workers', 'two groups opened'],
    ],
  });
  command
    .requiredOption('-o, --out <FILE>', 'where to; ends in .svg or .png')
    .addOption(new Option('--theme <NAME>', 'colours').choices(['light', 'dark']).default('light'))
    .option('--expand <GROUPS>', 'groups to draw open, with commas; * is all')
    .option('--at <TIME>', 'as it was: RFC 3339, ms since the epoch, or a duration ago such as 2h')
    .option('--width <PX>', 'of a PNG, 100 to 8000 (default: 1920)');
  addConnectionOptions(command).action(async (file: string | undefined, options: Options) => {
    const order = orderOf(options);
    const ended = sayWhenLong(context);
    try {
      const picture = await (file === undefined
        ? fromServer(order, options, context)
        : fromFile(file, { order, options, context }));
      await write(options.out, picture);
    } finally {
      ended();
    }
  });
}

interface Order {
  readonly type: 'svg' | 'png';
  readonly width: number | undefined;
}

function orderOf({ out, width }: Options): Order {
  const type = /\.(svg|png)$/i.exec(out)?.[1]?.toLowerCase();
  if (type !== 'svg' && type !== 'png')
    throw cliErrors('USAGE', `"${out}" ends neither in .svg nor in .png`, { field: '--out' });
  if (width === undefined) return { type, width: undefined };
  const px = Number(width);
  if (!/^\d+$/.test(width) || px < 100 || px > 8_000)
    throw cliErrors('USAGE', `"${width}" is no width: 100 to 8000 px`, { field: '--width' });
  return { type, width: px };
}

async function fromServer(order: Order, options: Options, context: Context): Promise<Buffer> {
  const at = options.at === undefined ? undefined : parseTime(options.at, '--at', context.now());
  const query = new URLSearchParams({
    theme: options.theme,
    ...(options.expand !== undefined && { expand: options.expand }),
    ...(at !== undefined && { at: String(at) }),
    ...(order.width !== undefined && { width: String(order.width) }),
  });
  const path = `api/v1/map/picture.${order.type}?${query.toString()}`;
  const headers = { accept: order.type === 'svg' ? 'image/svg+xml' : 'image/png' };
  const connection = connect(options, context);
  const response = await open(connection, { method: 'GET', path, headers }, connection.signal);
  return Buffer.from(await response.arrayBuffer());
}

interface FileOrder {
  readonly order: Order;
  readonly options: Options;
  readonly context: Context;
}

/** Throws TERR_CLI_INPUT when the map has an error, which is told. */
async function fromFile(
  file: string,
  { order, options, context }: FileOrder,
): Promise<string | Buffer> {
  const { terminal } = context;
  if (options.at !== undefined)
    throw cliErrors('USAGE', 'a file has no past; leave FILE out to draw the map of the server', {
      field: '--at',
    });
  const { model, faults } = await checkFile(file, context);
  await printFaults(faults, terminal);
  if (!model) throw cliErrors('INPUT', countFaults(faults), { field: '[file]' });
  const { pictureOf } = await import('../../server/map/layout/picture.ts');
  const drawing = await drawHere(model, options.expand);
  terminal.say('drawn as declared, without health; leave FILE out to see how everything is');
  return pictureOf({ ...order, drawing, model, health: undefined, theme: options.theme });
}

async function drawHere(model: MapModel, expand: string | undefined): Promise<Drawing> {
  const { LayoutDesk } = await import('../../server/map/layout/layout-desk.ts');
  const cacheDir = await mkdtemp(join(tmpdir(), 'territory-map-'));
  const problems: unknown[] = [];
  const desk = new LayoutDesk({ cacheDir, onProblem: (problem) => problems.push(problem) });
  try {
    const groups = (expand ?? '').split(',').filter((group) => group !== '');
    const drawing = await desk.drawing(model, expand === '*' ? '*' : groups);
    const [problem] = problems;
    if (problem !== undefined) throw problem;
    return drawing;
  } finally {
    await desk.close();
    await rm(cacheDir, { recursive: true, force: true });
  }
}

/** The file has its name only once it is whole. */
async function write(out: string, picture: string | Buffer): Promise<void> {
  const part = `${out}.part`;
  try {
    await writeFile(part, picture);
    await rename(part, out);
  } catch (cause) {
    await rm(part, { force: true });
    throw cliErrors('INPUT', `can not write ${out}: ${String(cause)}`, { field: '--out', cause });
  }
}

const quietMs = 1_000;

/** Says that it goes on, when it takes longer than a second. */
function sayWhenLong({ terminal }: Context): () => void {
  const timer = setTimeout(() => terminal.say('laying the map out …'), quietMs);
  return () => clearTimeout(timer);
}
