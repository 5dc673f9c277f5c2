import { type ChdbResult, Session, drainPending } from 'chdb';
import { stepBack } from '../../launch/priority.ts';
import { type ChildStart, type FromChild, type Lane, type ToChild, commentOf } from './protocol.ts';

/**
 * The process that holds the engine: a fault of the engine, or its memory, then never takes the
 * server with it. It knows nothing of events; it runs statements.
 *
 * Two things about the engine shape this file:
 * - One session runs one statement at a time, however many are given to it; several sessions on
 *   the same directory do run side by side. Hence the lanes.
 * - What a failed statement had already written comes out in front of the next statement's result
 *   on the same session. Hence `rinse` after every failure.
 */
interface Connection {
  readonly session: Session;
  busy: boolean;
}
interface Work {
  readonly id: number;
  readonly sql: string;
}

// Before the engine starts its threads: they inherit it from those that start them.
stepBack('process', 10);
const start = JSON.parse(process.argv[2] ?? '{}') as ChildStart;
const lanes: Record<Lane, Connection[]> = { write: [], read: [], control: [] };
const waiting: Record<Lane, Work[]> = { write: [], read: [], control: [] };
const running = new Set<number>();
let drainWhenIdle = false;

const tell = (message: FromChild): void => {
  // Without a parent there is nobody to tell; 'disconnect' ends this process.
  if (process.connected) process.send?.(message, () => undefined);
};

const openLane = (lane: Lane, count: number): void => {
  for (let i = 0; i < count; i++) {
    const session = new Session(start.dir, { connectionArgs: start.engine });
    lanes[lane].push({ session, busy: false });
  }
};

async function open(): Promise<void> {
  openLane('write', 1);
  openLane('control', 1);
  openLane('read', start.readers);
  for (const sql of start.statements) await lanes.write[0]?.session.queryAsync(sql);
  // Our queries only read; a mistake in a query builder must not be able to write.
  for (const { session } of lanes.read) {
    await session.queryAsync(`SET max_query_size = ${8 << 20}`);
    await session.queryAsync('SET readonly = 2');
  }
}

function pump(lane: Lane): void {
  for (const connection of lanes[lane]) {
    if (connection.busy) continue;
    const work = waiting[lane].shift();
    if (!work) return;
    void serve(lane, connection, work);
  }
}

async function serve(lane: Lane, connection: Connection, work: Work): Promise<void> {
  connection.busy = true;
  running.add(work.id);
  try {
    const result = await connection.session.queryAsync(work.sql, { format: 'JSONCompact' });
    tell({ kind: 'done', id: work.id, body: bytesOf(result) });
  } catch (error) {
    tell({ kind: 'failed', id: work.id, ...failureOf(error) });
    await rinse(connection);
  }
  running.delete(work.id);
  connection.busy = false;
  pump(lane);
  if (drainWhenIdle) await drain();
}

/** Takes the leftovers of a failed statement out of the session. */
async function rinse(connection: Connection): Promise<void> {
  try {
    await connection.session.queryAsync('SELECT 1', { format: 'Null' });
  } catch {
    // It fails only when the next statement will fail as well, which then says so.
  }
}

function cancel(id: number): void {
  for (const lane of ['write', 'read', 'control'] as const) {
    const place = waiting[lane].findIndex((work) => work.id === id);
    if (place < 0) continue;
    waiting[lane].splice(place, 1);
    tell({ kind: 'failed', id, code: 394, message: 'cancelled before it ran' });
    return;
  }
  if (!running.has(id)) return;
  const sql = `KILL QUERY WHERE Settings['log_comment'] = '${commentOf(id)}' ASYNC`;
  waiting.control.push({ id: 0, sql });
  pump('control');
}

/**
 * Closing sessions and awaiting what is pending is what keeps the engine from a fault when the
 * process exits while a background merge runs.
 */
async function drain(): Promise<void> {
  const idle = Object.values(lanes).every((lane) => lane.every((c) => !c.busy));
  if (!idle || Object.values(waiting).some((queue) => queue.length > 0)) return;
  drainWhenIdle = false;
  for (const { session } of Object.values(lanes).flat()) session.close();
  await drainPending();
  process.exit(0);
}

function bytesOf(result: ChdbResult): Uint8Array {
  return result.bytes();
}

function failureOf(error: unknown): { code: number; message: string } {
  const { message, clickhouseCode } = error as { message?: string; clickhouseCode?: number };
  const said = message ?? String(error);
  return { code: clickhouseCode ?? Number(/Code: (\d+)/.exec(said)?.[1] ?? 0), message: said };
}

process.on('message', (message: ToChild) => {
  if (message.kind === 'cancel') return cancel(message.id);
  if (message.kind === 'drain') {
    drainWhenIdle = true;
    void drain();
    return;
  }
  waiting[message.lane].push({ id: message.id, sql: message.sql });
  pump(message.lane);
});
// The server is gone. What is under way is repeated by its successor, which waits for this lock:
// nothing is gained by finishing, and dying at once is safe for the data.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// A Ctrl-C reaches the whole process group; the server decides when this process ends.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);

try {
  await open();
  // The threads of the engine's pool for merges, which go behind its inserts and queries: a large
  // merge takes seconds, and an insert beside it must not wait for them.
  stepBack({ named: 'MergeMutate' }, 9);
  tell({ kind: 'ready' });
} catch (error) {
  process.send?.({ kind: 'broken', ...failureOf(error) } satisfies FromChild, () =>
    process.kill(process.pid, 'SIGKILL'),
  );
}
