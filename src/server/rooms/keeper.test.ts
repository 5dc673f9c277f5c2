import { afterEach, describe, expect, test } from 'vitest';
import { encodeDrafts } from '../../event/codec.ts';
import type { Log } from '../../log/log.ts';
import { memoryLog } from '../../log/memory/memory-log.ts';
import { alertsSource } from '../../rooms/alerts/facts.ts';
import { Play, alertDecision, second } from '../../rooms/alerts/play.suite.ts';
import type { AlertsCommand } from '../../rooms/alerts/room.ts';
import type { AlertsState } from '../../rooms/alerts/state.ts';
import { Keeper } from './keeper.ts';

type AlertsKeeper = Keeper<AlertsState, AlertsCommand>;

const now = (): number => second(1_000);
const keepers: AlertsKeeper[] = [];
afterEach(async () => {
  await Promise.all(keepers.splice(0).map((keeper) => keeper.close()));
});

function failed(error: unknown): void {
  expect.fail(String(error));
}

async function keeperOf(log: Log, onProblem = failed) {
  const keeper = new Keeper({ room: new Play().room, log, now, onProblem });
  keepers.push(keeper);
  await keeper.start().reached;
  return keeper;
}

/** Types of the alerts' facts on a log, in order. */
async function typesOn(log: Log): Promise<string[]> {
  const types: string[] = [];
  for await (const { bytes } of log.read('facts', 1))
    types.push(
      ...(Buffer.from(bytes)
        .toString()
        .match(/(?<=territory-)[a-z]+\.[a-z]+/g) ?? []),
    );
  return types;
}

const decided = (s: number, severity: 'ok' | 'critical', id?: string): AlertsCommand => ({
  kind: 'decided',
  decision: alertDecision(s, severity, id === undefined ? {} : { id }),
  nth: 0,
});

describe('several keepers of one log, as on several machines', () => {
  test('fifty decisions at once on a new key open one alert', async () => {
    const log = memoryLog({ now });
    const all = await Promise.all(Array.from({ length: 5 }, () => keeperOf(log)));
    const made = await Promise.all(
      Array.from({ length: 50 }, (_, n) => {
        const keeper = all[n % 5] as AlertsKeeper;
        return keeper.handle(decided(n, 'critical', `d${n}`), { actor: 'rules', id: `d${n}` });
      }),
    );
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await typesOn(log)).toEqual(['alert.opened']);
    expect(all.reduce((sum, { counters }) => sum + counters.conflicts, 0)).toBeGreaterThan(0);
  });

  test('of twenty who acknowledge at once one is first, and the others are told who', async () => {
    const log = memoryLog({ now });
    const [here, there] = [await keeperOf(log), await keeperOf(log)] as const;
    await here.handle(decided(0, 'critical'), { actor: 'rules', id: 'd' });
    const [alert = ''] = here.state.open.keys();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        (n % 2 === 0 ? here : there).handle(
          { kind: 'acknowledge', alert },
          { actor: `user${n}`, id: `a${n}` },
        ),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const by = here.state.open.get(alert)?.acknowledged?.by;
    const refused = outcomes.flatMap((one) =>
      one.status === 'rejected' ? [String(one.reason)] : [],
    );
    expect(refused.filter((why) => !why.includes(`${by} has acknowledged`))).toEqual([]);
    expect(await typesOn(log)).toEqual(['alert.opened', 'alert.acknowledged']);
  });
});

test('a command with the same id is carried out once, also by a keeper that starts anew', async () => {
  const log = memoryLog({ now });
  const first = await keeperOf(log);
  const silence = { where: 'true', reason: 'x', ends: second(5_000) };
  const giving = { actor: 'ana', id: 'key-1' };
  expect(await first.handle({ kind: 'silence', silence }, giving)).toBe(true);
  expect(await first.handle({ kind: 'silence', silence }, giving)).toBe(false);
  const second_ = await keeperOf(log);
  expect(await second_.handle({ kind: 'silence', silence }, giving)).toBe(false);
  expect(second_.state.silences.size).toBe(1);
  expect(await typesOn(log)).toEqual(['silence.created']);
});

test('what the log knows and the state does not decides nothing again', async () => {
  const log = memoryLog({ now });
  const keeper = await keeperOf(log);
  await keeper.handle(decided(0, 'critical'), { actor: 'rules', id: 'd0' });
  await keeper.handle(decided(10, 'ok'), { actor: 'rules', id: 'd1' });
  expect(await keeper.handle(decided(20, 'critical'), { actor: 'rules', id: 'd0' })).toBe(false);
  expect(await typesOn(log)).toEqual(['alert.opened', 'alert.resolved']);
});

test('nothing is answered before the facts are read, and foreign facts are not folded', async () => {
  const log = memoryLog({ now });
  const forged = encodeDrafts(
    [
      {
        type: 'dev.cdeventsx.territory-alert.opened.0.1.0',
        source: alertsSource,
        subject: 'alert/r/x',
        attributes: { rule: 'r' },
        data: { alert: 'x', condition: 'critical' },
      },
    ],
    '/tokens/somebody',
  );
  if (forged.facts) await log.append('facts', forged.facts);
  const keeper = new Keeper({ room: new Play().room, log, now, onProblem: failed });
  keepers.push(keeper);
  expect(() => keeper.state).toThrow(/still being read/);
  await keeper.start().reached;
  expect(keeper.state.open.size).toBe(0);
});

test('a fact that cannot be read is told and passed over', async () => {
  const log = memoryLog({ now });
  const bytes = Buffer.from('{"type":"dev.cdeventsx.territory-alert.opened.0.1.0"\n');
  const problems: unknown[] = [];
  const broken = { bytes, count: 1, source: alertsSource, identities: new Uint32Array(2) };
  await log.append('facts', broken);
  const keeper = await keeperOf(log, (error) => problems.push(error));
  expect(problems).toHaveLength(1);
  expect(await keeper.handle(decided(0, 'critical'), { actor: 'rules', id: 'd' })).toBe(true);
});

test('a race that is lost again and again is given up, and it is said so', async () => {
  const log = memoryLog({ now });
  // Somebody else is always faster: each append finds the subject changed.
  const keeper = await keeperOf({
    ...log,
    read: log.read,
    append: async (stream, lines, expected) =>
      log.append(stream, lines, expected && { ...expected, version: 99 }),
  });
  const handled = keeper.handle(decided(0, 'critical'), { actor: 'rules', id: 'd' });
  await expect(handled).rejects.toMatchObject({ code: 'TERR_ROOM_BUSY' });
  expect(keeper.counters).toMatchObject({ conflicts: 5, gaveUp: 1 });
});
