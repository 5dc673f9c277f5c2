import { expect, test } from 'vitest';
import { json, startServer } from './running.suite.ts';

interface Series {
  readonly total: number | null;
  readonly series: readonly { readonly labels: Record<string, string>; readonly total: number }[];
}

/** Asks until `enough` says so: history takes events a moment after the log. */
async function until<T>(ask: () => Promise<T>, enough: (answer: T) => boolean): Promise<T> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop
    const answer = await ask();
    if (enough(answer)) return answer;
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('events become series, lists, related events, a catalogue and latest readings', async () => {
  const { ask, send, close, data } = await startServer({ 'history.enabled': true });
  const post = async <T>(query: unknown) => {
    const response = await ask('/api/v1/query', json('POST', query));
    return (await response.json()) as T;
  };
  await send([
    ...[1, 2, 3].map((metric) => ({ type: 'metric', name: 'sold', service: 'shop', metric })),
    { type: 'metric', name: 'sold', service: 'till', metric: 10, ttl: 60 },
    { type: 'dev.cdevents.build.started.0.2.0', id: 'b1', subject: 'build/1' },
    { type: 'dev.cdevents.build.finished.0.2.0', id: 'b2', subject: 'build/1' },
  ]);
  const where = 'name = "sold"';
  const asked = { where, aggregate: 'sum', by: ['service'], compare: 'yesterday' };
  const sums = await until(
    () => post<Series & { compare: { total: number | null } }>(asked),
    ({ total }) => total === 16,
  );
  expect(sums.series.map(({ labels, total }) => [labels['service'], total])).toEqual([
    ['till', 10],
    ['shop', 6],
  ]);
  expect(sums.compare.total).toBeNull();

  const got = await ask(
    '/api/v1/query?aggregate=count&by=service,name&where=name%20%3D%20%22sold%22',
  );
  expect(((await got.json()) as Series).series).toHaveLength(2);
  const page = await post<{ events: { metric: number }[]; next: string }>({ where, limit: 3 });
  const rest = await post<{ events: { metric: number }[] }>({ where, limit: 3, cursor: page.next });
  const metrics = [...page.events, ...rest.events].map(({ metric }) => metric);
  expect(metrics.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 10]);

  const facts = await post<{ events: { stream: string; offset: number }[] }>({
    where: 'type = "dev.cdevents.build.started.0.2.0"',
  });
  const related = await ask(`/api/v1/related/facts/${facts.events[0]?.offset}`);
  const found = (await related.json()) as { related: { because: string; event: { id: string } }[] };
  expect(found.related.map(({ because, event }) => `${event.id}: ${because}`)).toEqual([
    'b2: same subject',
  ]);

  const services = await ask('/api/v1/catalogue?kind=service&prefix=sh');
  const { kinds } = (await services.json()) as { kinds: { service: { entries: unknown[] } } };
  expect(kinds.service.entries).toMatchObject([{ value: 'shop', count: 3 }]);
  const latest = await ask('/api/v1/latest?where=service%20%3D%20%22till%22');
  expect(await latest.json()).toMatchObject({
    entries: [{ event: { metric: 10 }, stale: false, expired: false }],
  });

  const itself = (await (await ask('/api/v1/itself')).json()) as Record<string, unknown>;
  expect(itself).toMatchObject({ history: { state: 'running' }, intakes: [{ accepted: 6 }] });
  await close();

  const again = await startServer({ data, 'history.enabled': true });
  const kept = await until(
    async () =>
      (await (await again.ask('/api/v1/query', json('POST', asked))).json()) as Partial<Series>,
    ({ total }) => total === 16,
  );
  expect(kept.total).toBe(16);
}, 60_000);
