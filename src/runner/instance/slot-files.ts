import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Type, type Static, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { runnerErrors } from '../errors.ts';
import type { InstanceWish, Place } from './instance.ts';

const Wish = Type.Object({
  app: Type.String(),
  environment: Type.String(),
  slot: Type.String(),
  version: Type.String(),
  digest: Type.String(),
  folder: Type.String(),
  start: Type.String(),
  port: Type.Integer(),
  env: Type.Record(Type.String(), Type.String()),
  ready: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  wanted: Type.Union([Type.Literal('up'), Type.Literal('down')]),
});

/** `SLOT.json`: what is wished. Written durably before anything is done for it. */
const WishFile = Type.Object({
  schema: Type.Literal('territory.instance/1'),
  wish: Wish,
  /** TERRITORY_TASK of its processes, new with every wish. */
  cookie: Type.String(),
  /** How long it may take to end, ms, for whoever has to finish a stop. */
  graceMs: Type.Number(),
  /** When it is to be stopped by itself, ms since the epoch. */
  until: Type.Union([Type.Number(), Type.Null()]),
});
export type WishFile = Static<typeof WishFile>;

/** `SLOT.process`: what became of it. After a crash of the machine it may be an older one. */
const ProcessFile = Type.Object({
  /** Of which wish. */
  cookie: Type.String(),
  process: Type.Union([
    Type.Object({ pid: Type.Integer(), startTime: Type.Number(), boot: Type.String() }),
    Type.Null(),
  ]),
  /** When that process was started, ms since the epoch. */
  since: Type.Number(),
  restarts: Type.Integer(),
  /** When it died, ms since the epoch, the last few. */
  deaths: Type.Array(Type.Number()),
  /** Deaths without a good time in between. */
  inARow: Type.Integer(),
  looping: Type.Boolean(),
  /** Not to be started before, ms since the epoch. */
  next: Type.Number(),
});
export type ProcessFile = Static<typeof ProcessFile>;

/** `SLOT.kept`: the wish that stood there before a deploy began. */
const KeptFile = Type.Object({ wish: Type.Union([Wish, Type.Null()]) });

/** A process file of a wish for which nothing was started yet. */
export const nothingYet = (cookie: string): ProcessFile => ({
  cookie,
  process: null,
  since: 0,
  restarts: 0,
  deaths: [],
  inARow: 0,
  looping: false,
  next: 0,
});

/** Everything that is on disk of instances, below `HOME/instances`. */
export class SlotFiles {
  private readonly root: string;

  constructor(home: string) {
    this.root = join(home, 'instances');
  }

  /** Path of a place's files without their ending. Throws TERR_RUNNER_INSTANCE. */
  path({ app, environment, slot }: Place): string {
    for (const name of [app, environment, slot])
      if (!/^\w[\w.-]{0,99}$/.test(name))
        throw runnerErrors('INSTANCE', `"${name}" can not be part of a file's name`);
    return join(this.root, `${app}@${environment}`, slot);
  }

  /** Every place that has a wish, in the order of names. */
  async places(): Promise<Place[]> {
    const folders = await namesIn(this.root);
    const all = await Promise.all(
      folders.map(async (folder) => {
        const at = folder.lastIndexOf('@');
        const [app, environment] = [folder.slice(0, at), folder.slice(at + 1)];
        const names = await namesIn(join(this.root, folder));
        return names
          .filter((name) => name.endsWith('.json'))
          .map((name) => ({ app, environment, slot: name.slice(0, -'.json'.length) }));
      }),
    );
    return all.flat();
  }

  async wish(place: Place): Promise<WishFile | undefined> {
    return read(WishFile, `${this.path(place)}.json`);
  }

  async writeWish(file: WishFile): Promise<void> {
    await write(`${this.path(file.wish)}.json`, file);
  }

  /** What became of that wish; of an earlier one it says nothing. */
  async process(place: Place, cookie: string): Promise<ProcessFile | undefined> {
    const found = await read(ProcessFile, `${this.path(place)}.process`);
    return found?.cookie === cookie ? found : undefined;
  }

  async writeProcess(place: Place, file: ProcessFile): Promise<void> {
    await write(`${this.path(place)}.process`, file);
  }

  async kept(place: Place): Promise<InstanceWish | undefined> {
    const file = await read(KeptFile, `${this.path(place)}.kept`);
    return file?.wish ?? undefined;
  }

  async writeKept(place: Place, wish: InstanceWish | undefined): Promise<void> {
    await write(`${this.path(place)}.kept`, { wish: wish ?? null });
  }

  /** All but the log, which people may still want to read. */
  async remove(place: Place): Promise<void> {
    const path = this.path(place);
    for (const ending of ['json', 'process', 'kept'])
      await rm(`${path}.${ending}`, { force: true });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function read<S extends TSchema>(schema: S, path: string): Promise<Static<S> | undefined> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw runnerErrors('INSTANCE', `${path} can not be read`, { file: path, cause: error });
  }
  if (Value.Check(schema, value)) return value;
  const wrong = Value.Errors(schema, value)[0];
  const where = wrong ? `${wrong.instancePath || '/'} ${wrong.message}` : 'unknown shape';
  throw runnerErrors('INSTANCE', `${path}: ${where}`, { file: path });
}

/** After a crash there is the old file or the new one, whole. Values of secrets may be in it. */
async function write(path: string, value: unknown): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const next = `${path}.next`;
  const file = await open(next, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(value, undefined, 2)}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(next, path);
  const entry = await open(folder, 'r');
  try {
    await entry.sync();
  } finally {
    await entry.close();
  }
}
