import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../event/limits.ts';
import type { Refused } from '../decoded.ts';
import { Courier, type Party } from './courier.ts';
import { dropsByPort } from './kernel-drops.ts';
import type { FromListeners } from './messages.ts';
import { Networks, addressOf } from './networks.ts';
import { Tallies } from './tallies.ts';

test.each([
  [[], '10.0.0.1', true],
  [['10.0.0.0/8'], '10.200.3.4', true],
  [['10.0.0.0/8'], '11.0.0.1', false],
  [['10.0.0.0/8'], 'local', true],
  [['192.168.1.20'], '192.168.1.20', true],
  [['192.168.1.20'], '192.168.1.21', false],
  [['fd00::/8'], 'fd12::1', true],
  [['10.0.0.0/8', '::1'], '::1', true],
])('networks %j have %s: %s', (networks, address, has) => {
  expect(new Networks(networks).has(address)).toBe(has);
});

test.each(['10.0.0.0/33', 'host', '10.0.0.0/8/9', '::1/129', '10.0.0.0/-1'])(
  '%s is no network',
  (network) => expect(() => new Networks([network])).toThrow(/is no network/),
);

test('an address is shown as people write it', () => {
  expect(addressOf('::ffff:10.0.0.1')).toBe('10.0.0.1');
  expect(addressOf('fe80::1')).toBe('fe80::1');
  expect(addressOf(undefined)).toBe('local');
});

test('the datagrams that the kernel dropped are the last column of /proc/net/udp', () => {
  const text = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  511: 0100007F:1FBD 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 101 2 0000000000000000 42
  512: 00000000:1FBE 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 102 2 0000000000000000 0
`;
  expect(dropsByPort(text)).toEqual(
    new Map([
      [8125, 42],
      [8126, 0],
    ]),
  );
});

describe('tallies', () => {
  const bad: Refused = { code: 'TERR_INTAKE_DECODE', message: 'no' };

  test('count by sender and code, and start anew when taken', () => {
    const tallies = new Tallies(10);
    tallies.sampled('statsd', 'a', { count: 3, at: 1 });
    tallies.refused('statsd', 'a', { refused: bad, at: 2 });
    tallies.refused('statsd', 'a', { refused: { ...bad, message: 'nor this' }, at: 3 });
    expect(tallies.take()).toEqual([
      {
        intake: 'statsd',
        sender: 'a',
        at: 3,
        sampled: 3,
        refused: [{ count: 2, last: { ...bad, message: 'nor this' } }],
      },
    ]);
    expect(tallies.take()).toEqual([]);
  });

  test('forged addresses are counted together beyond the limit', () => {
    const tallies = new Tallies(2);
    for (const sender of ['a', 'b', 'c', 'd'])
      tallies.sampled('statsd', sender, { count: 1, at: 1 });
    const counted = tallies.take().map(({ sender, sampled }) => [sender, sampled]);
    expect(counted).toEqual([
      ['a', 1],
      ['b', 1],
      ['others', 2],
    ]);
  });
});

describe('the courier', () => {
  function make(maxPending = 1_000_000) {
    const posted: (FromListeners & { kind: 'batch' })[] = [];
    const refusals: Refused[] = [];
    const courier = new Courier({
      limits: defaultLimits,
      maxPending,
      now: () => 1_800_000_000_000,
      post: (message) => {
        if (message.kind === 'batch') posted.push(message);
      },
      refuse: (_party, refused) => refusals.push(refused),
    });
    const settlements: [number, string | undefined][] = [];
    const party: Party = {
      intake: 'graphite',
      sender: '10.0.0.7',
      source: '/graphite/10.0.0.7',
      unsettled: 0,
      settled: (seq, failure) => settlements.push([seq, failure?.code]),
    };
    return { posted, refusals, courier, party, settlements };
  }

  test('hands over what a turn has brought, with whose it is', async () => {
    const { posted, courier, party, settlements } = make();
    courier.take({ type: 'metric', name: 'a', metric: 1 }, party);
    courier.take({ type: 'metric', name: 'b', metric: 2, source: '/own' }, party);
    expect(posted).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    const [batch] = posted;
    expect(Buffer.from(batch?.bytes ?? []).toString()).toBe(
      '{"type":"metric","name":"a","metric":1}\n{"type":"metric","source":"/own","name":"b","metric":2}\n',
    );
    expect(batch).toMatchObject({
      seq: 1,
      count: 2,
      source: '/graphite/10.0.0.7',
      shares: [{ intake: 'graphite', sender: '10.0.0.7', count: 2 }],
    });
    expect(courier.pending).toBeGreaterThan(0);
    courier.settled(1, { code: 'TERR_LOG_FULL', message: 'full' });
    expect(settlements).toEqual([[1, 'TERR_LOG_FULL']]);
    expect([courier.pending, party.unsettled]).toEqual([0, 0]);
  });

  test('takes no facts: nobody has said who he is', () => {
    const { refusals, courier, party } = make();
    expect(courier.take({ type: 'dev.cdevents.service.deployed.0.3.0' }, party)).toBe(false);
    expect(courier.take({ type: 'metric', source: 'territory/rules' }, party)).toBe(false);
    expect(courier.take({ type: 'metric', name: 'x'.repeat(5_000) }, party)).toBe(false);
    expect(refusals.map(({ code }) => code)).toEqual([
      'TERR_INTAKE_FORBIDDEN',
      'TERR_EVENT_FIELD',
      'TERR_EVENT_FIELD',
    ]);
    expect(courier.pending).toBe(0);
  });

  test('is full when as much waits as may wait, and sends large batches at once', () => {
    const { posted, courier, party } = make(700_000);
    for (let i = 0; i < 2_500; i++) courier.take({ type: 'metric', metric: i }, party);
    expect(posted.map(({ count }) => count)).toEqual([2_000]);
    expect([courier.filling, courier.full]).toEqual([true, true]);
    courier.settled(1, undefined);
    expect([courier.filling, courier.full]).toEqual([false, false]);
  });
});
