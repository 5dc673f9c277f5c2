import type { ArchitectureCount } from '../../rooms/demo/architectures.ts';
import { askProcess } from '../chaos/ask-process.ts';
import { encoderAt } from '../chaos/encoders.ts';
import type { Company } from '../company.ts';

type Counts = Readonly<Partial<Record<ArchitectureCount, number>>>;

/** What can be seen of one architecture from outside. */
export interface Sight {
  /** What it says itself; what it does not say is left out. */
  readonly counts: Counts;
  /** In words. */
  readonly sees: readonly string[];
}

/** One program says that it is there, and that is all. */
export async function lookAtProgram(port: number): Promise<Sight> {
  return { counts: {}, sees: [await healthOf(port)] };
}

/** Threads say what they did since they were started last. */
export async function lookAtThreads(port: number): Promise<Sight> {
  const health = await healthOf(port);
  const counts = await asked(port, 'GET /counts');
  if (!counts) return { counts: {}, sees: [health] };
  const sees = [health, 'how many wait and are worked on, as long as it lives'];
  return { counts: numbersIn(counts, ['imported', 'waiting', 'inProgress']), sees };
}

/** The queue knows each clip, where it is, and what became of it. */
export async function lookAtProcesses({ queue }: Company['ports']): Promise<Sight> {
  const [health, found, work] = await Promise.all([
    healthOf(queue),
    asked(queue, 'GET /conservation'),
    asked(queue, 'GET /workers'),
  ]);
  if (!found) return { counts: {}, sees: [`queue: ${health}`] };
  const { published, ...rest } = numbersIn(found, [...told, 'published']);
  const workers = Array.isArray(work?.['workers']) ? work['workers'].length : 0;
  const sees = [
    `queue: ${health}`,
    'each clip: where it is, since when, how often it was tried, and why it failed',
    `${workers} workers, and what each works on`,
    'that nothing is lost: all that came in is published, put aside, or in the queue',
    'what happens to each job, as an event',
  ];
  return { counts: { ...rest, ...(published !== undefined && { done: published }) }, sees };
}

const told = ['imported', 'waiting', 'inProgress', 'dead', 'lost', 'twice'] as const;

/** How often encoders were started again: whenever another process answers at a port. */
export class EncoderStarts {
  readonly #pids = new Map<number, number>();
  #again = 0;

  /** Looks, and gives how often until now. */
  async look(ports: readonly number[]): Promise<number> {
    const found = await Promise.all(ports.map(async (port) => encoderAt(port)));
    for (const encoder of found) {
      if (!encoder) continue;
      const before = this.#pids.get(encoder.port);
      if (before !== undefined && before !== encoder.pid) this.#again++;
      this.#pids.set(encoder.port, encoder.pid);
    }
    return this.#again;
  }
}

async function healthOf(port: number): Promise<string> {
  const begun = performance.now();
  const health = await asked(port, 'GET /healthz');
  if (!health) return 'it does not say that it is well';
  return `it says that it is well, within ${Math.round(performance.now() - begun)} ms`;
}

async function asked(port: number, request: string): Promise<Record<string, unknown> | undefined> {
  try {
    return await askProcess(port, request);
  } catch {
    return undefined;
  }
}

function numbersIn<K extends string>(
  of: Readonly<Record<string, unknown>>,
  names: readonly K[],
): Partial<Record<K, number>> {
  const found = names.flatMap((name) => {
    const value = of[name];
    return typeof value === 'number' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(found) as Partial<Record<K, number>>; // of these names
}
