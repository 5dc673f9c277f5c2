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
  w.at('0s', {
    ...same,
    type: 'feed.polled',
    service: 'importer',
    attributes: { feed: 'wire', ms: '120' },
  });
  w.at('5s', {
    ...same,
    type: 'feed.polled',
    service: 'importer',
    attributes: { feed: 'wire', ms: '8000' },
  });
  const [alert] = alerts(w);
  if (alert?.title !== 'to read wire takes 8 s' || alert.service !== 'feeds')
    throw new Error(`it said ${alert?.title} of ${alert?.service}`);
});

test('how old a clip is when it is published is a reading, and old news is told', () => {
  const w = world('./feeds.ts');
  for (let i = 0; i < 60; i++) {
    const attributes = { item: `item-${i}` };
    w.at(`${i * 5}s`, { ...same, type: 'item.discovered', service: 'importer', attributes });
  }
  for (let i = 0; i < 60; i++) {
    const attributes = { item: `item-${i}` };
    w.at(`${300 + i}s`, { ...same, type: 'item.published', service: 'publisher', attributes });
  }
  w.advance('30s');
  const [age] = w.out('newsroom.item.age');
  if (age?.metric !== 300 || age.service !== 'publisher') throw new Error(`it is ${age?.metric} s`);
});

test('old news is told as long as it is old', () => {
  const w = world('./feeds.ts');
  for (let s = 0; s < 120; s += 5)
    w.at(`${s}s`, { ...same, name: 'newsroom.item.age', service: 'publisher', metric: 200 });
  const [alert] = alerts(w);
  if (alert?.rule !== 'stale-news') throw new Error(`it said ${alert?.rule}`);
});
