import { test, world, type World } from 'territory/rules/test';

/** A request a second by each browser; those named fail. */
function orders(w: World, from: number, to: number, failing: readonly string[]): void {
  for (let s = from; s < to; s++)
    for (const browser of ['chrome', 'firefox', 'safari'])
      w.at(`${s}s`, {
        name: 'http.server.request.duration',
        service: 'site',
        environment: 'production',
        metric: 0.01,
        attributes: {
          'http.route': '/orders',
          'http.response.status_code': failing.includes(browser) ? '500' : '200',
          'user_agent.name': browser,
        },
      });
}
const titles = (w: World): readonly string[] =>
  w
    .actions('alert')
    .filter(({ severity }) => severity !== 'ok')
    .map(({ title }) => title);

test('an error that one browser has is told of that browser', () => {
  const w = world('./errors.ts');
  orders(w, 0, 60, []);
  orders(w, 60, 130, ['firefox']);
  const title = titles(w).at(-1);
  if (title === undefined || !/^\/orders fails for [\d.]+ % of firefox alone$/.test(title))
    throw new Error(`it said ${title}`);
});

test('what fails for all is told of all', () => {
  const w = world('./errors.ts');
  orders(w, 0, 60, []);
  orders(w, 60, 130, ['chrome', 'firefox', 'safari']);
  const title = titles(w).at(-1);
  if (title === undefined || !/^\/orders fails for [\d.]+ % of all browsers$/.test(title))
    throw new Error(`it said ${title}`);
});

test('no request is no failure, and neither are two', () => {
  const w = world('./errors.ts');
  orders(w, 0, 1, []);
  w.at('5s', {
    name: 'http.server.request.duration',
    service: 'site',
    environment: 'production',
    metric: 1,
    attributes: { 'http.route': '/support', 'http.response.status_code': '500' },
  });
  w.advance('5m');
  if (titles(w).length > 0) throw new Error(`it said ${titles(w).join()}`);
});
