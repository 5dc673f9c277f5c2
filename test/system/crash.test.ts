import { expect, test } from 'vitest';
import type { PlacedEvent } from '../../src/server/api/contract.ts';
import { until } from './api.suite.ts';
import { type Server, childrenOf, quiet, scratch, serve } from './server.suite.ts';
import { Writer } from './writer.suite.ts';

const rounds = 10;
/** The log holds as readings what is no fact by its type. */
const deployed = 'dev.cdevents.service.deployed.0.1.0';

test(`${rounds} kills under load: every acknowledged event is there once, in the log and in history`, async () => {
  const dir = scratch();
  const writers = [
    new Writer('singles', { type: 'reading', batch: 1 }),
    new Writer('batches', { type: 'reading', batch: 300 }),
    new Writer('facts', { type: deployed, batch: 1 }),
    new Writer('nameless', { type: 'nameless', batch: 20, withIds: false }),
  ];
  let server: Server = await serve({ dir, flags: quiet });
  let follower = await server.tail();
  const followed: PlacedEvent[] = [];
  for (let round = 1; round <= rounds; round++) {
    const writing = writers.map((writer) => writer.write(server));
    // At a random moment of its life: history is opening, inserting or idle.
    await pause(200 + Math.random() * 1_300);
    if (round % 3 === 0) await killHistory(server);
    await server.stop('SIGKILL');
    await Promise.all(writing);
    await follower.ended;
    followed.push(...follower.seen.map(({ event }) => event));
    server = await serve({ dir, flags: quiet });
    follower = await server.tail('', { lastId: follower.lastId() });
  }
  // Each sends once more what it has no answer for.
  for (const writer of writers) await writer.settle(server);
  await server.caughtUp(60);

  const held = await server.events({ last: '1d' });
  const byPlace = (events: readonly PlacedEvent[]) =>
    events
      .filter(({ type }) => type === 'reading' || type === deployed || type === 'nameless')
      .map(({ stream, offset, id }) => `${stream} ${String(offset).padStart(9, '0')} ${id}`)
      .toSorted();

  expect(writers.flatMap((writer) => writer.wrongIn(held))).toEqual([]);
  // Facts lie in the order in which their one writer sent them.
  const facts = held.filter(({ type }) => type === deployed);
  expect(facts.map(({ offset }) => offset)).toEqual(ascending(facts.map(({ offset }) => offset)));
  expect(facts.map(({ id }) => id)).toEqual(writers[2]?.ids());

  // History, asked in its two ways, and the log say the same.
  const { streams } = await server.itself();
  const inLog = streams.reduce((sum, { first, next }) => sum + next - first, 0);
  expect(held.length).toBe(inLog);
  expect((await server.series({ aggregate: 'count', last: '1d' })).total).toBe(inLog);
  const fromLog = await server.tail('?from=start');
  await until(() => fromLog.seen.length >= inLog, 30, 'the log was read');
  expect(byPlace(fromLog.seen.map(({ event }) => event))).toEqual(byPlace(held));

  // The tail that went on after each kill where it had come to gave every event, none of them twice.
  const rest = byPlace(held).length - byPlace(followed).length;
  await until(
    () => byPlace(follower.seen.map(({ event }) => event)).length >= rest,
    20,
    'the tail',
  );
  followed.push(...follower.seen.map(({ event }) => event));
  expect(byPlace(followed)).toEqual(byPlace(held));
  fromLog.close();
  follower.close();
  expect((await server.stop()).code).toBe(0);
}, 150_000);

/** History's process alone: the server has to start it again, or to die while it does. */
async function killHistory(server: Server): Promise<void> {
  const child = (): number[] => childrenOf(server.pid, /history\/chdb\/child/);
  await until(() => child().length > 0, 10, "history's process was there");
  for (const pid of child()) process.kill(pid, 'SIGKILL');
  await pause(Math.random() * 1_500);
}

// The moment of a kill is what the test varies: there is nothing to wait for.
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const ascending = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b);
