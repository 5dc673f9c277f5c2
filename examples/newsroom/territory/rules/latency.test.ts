import { test, world, type World } from 'territory/rules/test';

/** Five requests a second from one time to another (s), of which a search takes so long (s). */
function visits(w: World, from: number, to: number, search: number): void {
  for (let s = from; s < to; s++)
    for (let i = 0; i < 5; i++) {
      const isSearch = i < 2;
      w.at(`${s}s`, {
        name: 'http.server.request.duration',
        service: 'site',
        environment: 'production',
        metric: isSearch ? search : 0.008,
        attributes: { 'http.route': isSearch ? '/search' : '/' },
      });
    }
}
const deployed = (w: World, s: number, environment: string): void =>
  w.at(`${s}s`, {
    id: `deploy-${environment}`,
    type: 'dev.cdevents.service.deployed.0.3.0',
    service: 'site',
    environment,
    attributes: { version: 'release_2' },
  });

test('searches that take long after a deploy open one alert that names it, and the way back ends it', () => {
  const w = world('./latency.ts');
  visits(w, 0, 100, 0.02);
  deployed(w, 100, 'staging');
  visits(w, 101, 120, 0.02);
  deployed(w, 120, 'production');
  visits(w, 121, 200, 0.6);
  visits(w, 200, 300, 0.02);
  w.advance('10s');
  const [bad, over, ...more] = w
    .actions('alert')
    .filter((one, i, all) => one.severity !== all[i - 1]?.severity);
  if (bad?.severity !== 'warning') throw new Error(`a warning expected, not ${bad?.severity}`);
  if (over?.severity !== 'ok' || more.length > 0) throw new Error('one end expected');
  const suspects = bad.suspects?.map(({ id }) => id).join();
  if (suspects !== 'deploy-production') throw new Error(`its suspects are ${suspects}`);
  const seconds = (bad.at - Date.UTC(2024, 1, 29)) / 1000 - 120;
  if (seconds > 20) throw new Error(`it took ${seconds} s to see it`);
});

test('a deploy is told when it is done: its instances were slow for customers some seconds before', () => {
  const w = world('./latency.ts');
  visits(w, 0, 120, 0.02);
  visits(w, 120, 124, 0.6);
  deployed(w, 124, 'production');
  visits(w, 124, 200, 0.6);
  w.advance('10s');
  const [bad] = w.actions('alert').filter(({ severity }) => severity === 'warning');
  const suspects = bad?.suspects?.map(({ id }) => id).join();
  if (suspects !== 'deploy-production') throw new Error(`its suspects are ${suspects}`);
});

test('a few slow answers while instances warm up are none of its business', () => {
  const w = world('./latency.ts');
  visits(w, 0, 60, 0.02);
  visits(w, 60, 61, 1);
  visits(w, 61, 200, 0.02);
  if (w.actions('alert').some(({ severity }) => severity !== 'ok'))
    throw new Error('no alert expected');
  if (!w.out('newsroom.answers.p95').some(({ metric }) => metric === 0.02))
    throw new Error('the percentile is a reading');
});
