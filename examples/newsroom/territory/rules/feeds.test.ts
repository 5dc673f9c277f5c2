import { test, world, type World } from 'territory/rules/test';

const same = { environment: 'production' } as const;
const alerts = (w: World) => w.actions('alert').filter(({ severity }) => severity !== 'ok');

test('a feed that falls silent is told, and the others are not', () => {
  const w = world('./feeds.ts');
  for (let s = 0; s < 200; s += 10)
    for (const feed of ['wire', 'city'])
      if (feed === 'wire' || s < 60)
        w.at(`${s}s`, {
          ...same,
          type: 'item.discovered',
          service: 'importer',
          attributes: { feed, item: `${feed}-${s}` },
        });
  const titles = [...new Set(alerts(w).map(({ title }) => title))].join();
  if (titles !== 'nothing new from city for a minute') throw new Error(`it said ${titles}`);
});

test('a feed that takes long to be read is told', () => {
  const w = world('./feeds.ts');
  const polled = (s: number, metric: number): void =>
    w.at(`${s}s`, {
      ...same,
      type: 'feed.polled',
      service: 'importer',
      metric,
      attributes: { feed: 'wire' },
    });
  polled(0, 0.12);
  polled(5, 8);
  const [alert] = alerts(w);
  if (alert?.title !== 'to read wire takes 8 s' || alert.service !== 'feeds')
    throw new Error(`it said ${alert?.title} of ${alert?.service}`);
});

test('old news is told as long as it is old', () => {
  const w = world('./feeds.ts');
  for (let s = 0; s < 400; s += 5)
    w.at(`${s}s`, {
      ...same,
      type: 'item.published',
      service: 'publisher',
      metric: s >= 60 && s < 180 ? 200 : 6,
    });
  const said = w.actions('alert').map(({ severity }) => severity);
  if (said[0] !== 'warning' || said.at(-1) !== 'ok') throw new Error(`it said ${said.join()}`);
  if (!w.out('newsroom.item.age').some(({ metric }) => metric === 6))
    throw new Error('a reading expected');
});
