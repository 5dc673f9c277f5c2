import { test, world, type World } from 'territory/rules/test';

/** Ten requests a second from one time to another (s), so many of ten of them failing. */
function requests(w: World, from: number, to: number, failing: number): void {
  for (let s = from; s < to; s++)
    for (let i = 0; i < 10; i++)
      w.at(`${s}s`, {
        name: 'http.requests',
        service: 'shop',
        environment: 'production',
        attributes: { code: i < failing ? '503' : '200' },
      });
}

test('a share of failures that lasts alerts, with the deploy before it', () => {
  const w = world('./error-ratio.ts');
  requests(w, 0, 60, 0);
  w.at('60s', {
    type: 'dev.cdevents.service.deployed.0.3.0',
    service: 'shop',
    environment: 'production',
  });
  requests(w, 61, 400, 2);
  requests(w, 400, 900, 0);
  const [bad, over, ...more] = w.actions('alert').filter((one) => one.value !== undefined);
  if (bad?.severity !== 'critical') throw new Error('an alert expected');
  if (bad.suspects?.[0]?.type !== 'dev.cdevents.service.deployed.0.3.0')
    throw new Error('the deploy expected as a suspect');
  if (over?.severity !== 'ok' || more.length > 0) throw new Error('one end expected');
});

test('no request is no failure', () => {
  const w = world('./error-ratio.ts');
  w.advance('1h');
  if (w.decisions().length > 0) throw new Error('nothing expected');
});
