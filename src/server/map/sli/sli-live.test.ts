import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { MapAnswer, MapProcessView } from '../../api/contract-map.ts';
import { dataDir, json, startServer } from '../../compose/running.suite.ts';

const map = `schema: territory.map/1
nodes:
  shop: {quadrant: production, kind: app, service: shop}
processes:
  checkout:
    criticality: 1
    needs: [shop]
    observed: {sli: "count(order.placed) over 1h", ok: ">= 3", down: "> 0"}
  refunds:
    criticality: 2
    needs: [shop]
    observed: {sli: "count(refund.paid)", ok: "> 0"}
`;

/** Asks again until it is so: history takes events a moment after the log. */
async function until<T>(ask: () => Promise<T>, is: (answer: T) => boolean): Promise<T> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one question after the other
    const answer = await ask();
    if (is(answer)) return answer;
    // oxlint-disable-next-line no-await-in-loop -- the server needs its turn
    await new Promise((go) => setTimeout(go, 50));
  }
}

test('what happened decides how a process is shown, and nothing says so', async () => {
  const data = dataDir();
  const { ask, send, close } = await startServer({ data, 'history.enabled': true });
  await send([
    { type: 'check', name: 'http', service: 'shop', state: 'ok', ttl: 3_600 },
    ...[1, 2].map((at) => ({
      type: 'dev.cdeventsx.shop-order.placed.0.1.0',
      subject: `order/${at}`,
    })),
  ]);
  const asked = { where: 'type = "dev.cdeventsx.shop-order.placed"', aggregate: 'count' };
  const count = async () =>
    (await (await ask('/api/v1/query', json('POST', asked))).json()) as { total?: number };
  await until(count, ({ total }) => total === 2);

  const dir = join(data, 'map');
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'map.yaml.new'), map);
  renameSync(join(dir, 'map.yaml.new'), join(dir, 'map.yaml'));
  const processOf = (id: string) => async (): Promise<MapProcessView | undefined> => {
    const answer = await ask('/api/v1/map');
    if (!answer.ok) return undefined;
    return ((await answer.json()) as MapAnswer).processes.find((one) => one.id === id);
  };
  const checkout = await until(processOf('checkout'), (one) => one?.health.shown === 'degraded');
  expect(checkout).toMatchObject({
    sli: { value: 2, text: 'count(order.placed) over 1h is 2, ok is >= 3' },
    health: {
      observed: 'degraded',
      because: ['process:checkout'],
      evidence: [{ kind: 'sli', state: 'degraded', name: 'count(order.placed) over 1h' }],
    },
  });
  const refunds = await until(
    processOf('refunds'),
    (one) => one !== undefined && one.sli?.at !== null,
  );
  expect(refunds).toMatchObject({
    sli: { value: null, text: 'no refund.paid came in the last 5 min' },
    health: { observed: 'no-evidence', shown: 'no-evidence' },
  });
  await close();
}, 60_000);
