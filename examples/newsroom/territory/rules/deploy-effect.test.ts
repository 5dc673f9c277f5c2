import { test, world, type World } from 'territory/rules/test';

/**
 * Two searches a second with a small, repeatable noise; after `history` s a release, which adds `shift` s
 * and is told 7 s later.
 */
function searches(history: number, shift: number): World {
  const w = world('./deploy-effect.ts');
  const same = { service: 'site', environment: 'production' };
  let noise = 1;
  for (let s = 0; s <= history + 60; s += 0.5) {
    noise = (noise * 16_807) % 2_147_483_647;
    w.at(`${s * 1000}ms`, {
      ...same,
      name: 'http.server.request.duration',
      metric: 0.02 + (noise / 2_147_483_647) * 0.01 + (s > history ? shift : 0),
      attributes: { 'http.route': '/search' },
    });
    if (s === history + 7)
      w.at(`${s * 1000}ms`, {
        ...same,
        type: 'dev.cdevents.service.deployed.0.3.0',
        attributes: { version: 'release_7' },
      });
  }
  w.advance('30s');
  return w;
}
const verdict = (w: World): string =>
  w
    .out('change.verdict')
    .map(({ state }) => state)
    .join();

test('a release that made searches slow is told', () => {
  const w = searches(1_200, 0.5);
  if (verdict(w) !== 'moved') throw new Error(`it said ${verdict(w)}`);
  const [alert] = w.actions('alert');
  if (!alert?.title.startsWith('release_7 of the site moved how long a search takes'))
    throw new Error(`its title is ${alert?.title}`);
});

test('a release that changed nothing is not', () => {
  const w = searches(1_200, 0);
  if (verdict(w) !== 'notMoved') throw new Error(`it said ${verdict(w)}`);
  if (w.actions('alert').length > 0) throw new Error('no alert expected');
});

test('two minutes of history are too few to tell, and that is said', () => {
  const w = searches(120, 0.5);
  if (verdict(w) !== 'cannotTell') throw new Error(`it said ${verdict(w)}`);
});
