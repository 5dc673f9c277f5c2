import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Ports } from './company.ts';
import { demoErrors } from './errors.ts';
import { choosePorts } from './ports.ts';

const schema = 'territory.demo/1';

/** What a company keeps from its first start on: `demo.json` in its folder. */
export interface DemoState {
  readonly schema: typeof schema;
  readonly seed: number;
  readonly ports: Ports;
  /** ms since the epoch, UTC. */
  readonly begunAt: number;
}

export interface StateWishes {
  readonly home: string;
  /** Undefined: as it was begun, or 1. */
  readonly seed: number | undefined;
  /** Undefined: as it was begun, or 7070. */
  readonly port: number | undefined;
  readonly now: number;
}

const fileIn = (home: string): string => join(home, 'demo.json');

/**
 * The state of the company in a folder, begun when there is none. Throws TERR_DEMO_HOME when the folder
 * holds anything else, TERR_DEMO_SEED when it was begun with another seed.
 */
export async function openState({ home, seed, port, now }: StateWishes): Promise<DemoState> {
  requireOwn(home);
  const before = read(home);
  if (before === undefined) {
    const ports = await choosePorts(port ?? 7070);
    const state: DemoState = { schema, seed: seed ?? 1, ports, begunAt: now };
    write(home, state);
    return state;
  }
  if (seed !== undefined && seed !== before.seed)
    throw demoErrors(
      'SEED',
      `the company in ${home} was begun with --seed ${before.seed}; with --reset it begins anew`,
      { field: 'seed' },
    );
  if (port === undefined || port === before.ports.territory) return before;
  const state = { ...before, ports: { ...before.ports, territory: port } };
  write(home, state);
  return state;
}

/** Removes all that a demo left in its folder. Throws TERR_DEMO_HOME when it is not one's. */
export function resetHome(home: string): void {
  requireOwn(home);
  // The state goes last: cut off in between, it is still known for the demo's.
  for (const name of entries(home))
    if (name !== 'demo.json') rmSync(join(home, name), { recursive: true, force: true });
  rmSync(fileIn(home), { force: true });
}

/** Throws TERR_DEMO_HOME unless the folder is empty, missing, or a demo's. */
export function requireOwn(home: string): void {
  if (entries(home).length === 0 || existsSync(fileIn(home))) return;
  throw demoErrors('HOME', `${home} has files that are not the demo's: give another --data`, {
    field: 'data',
  });
}

function entries(home: string): readonly string[] {
  try {
    return readdirSync(home);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw demoErrors('HOME', `${home} is no folder that can be read`, {
      field: 'data',
      cause: error,
    });
  }
}

function read(home: string): DemoState | undefined {
  const file = fileIn(home);
  if (!existsSync(file)) return undefined;
  try {
    const state = JSON.parse(readFileSync(file, 'utf8')) as DemoState; // looked at below
    if (state.schema === schema) return state;
  } catch {
    // Told below.
  }
  throw demoErrors('HOME', `${file} is not of this version: begin anew with --reset`, { file });
}

function write(home: string, state: DemoState): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const file = fileIn(home);
  writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}
