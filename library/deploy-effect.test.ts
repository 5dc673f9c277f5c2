import { test, world, type World } from 'territory/rules/test';

/** A reading every 20 s with a small, repeatable noise; `shift` is added from the deploy on. */
function day(shift: number): World {
  // Half a day of history: with less the verdict is that it cannot tell.
  const w = world('./deploy-effect.ts');
  const deployAt = 12 * 3600;
  let noise = 1;
  for (let s = 0; s <= deployAt + 1800; s += 20) {
    noise = (noise * 16_807) % 2_147_483_647;
    const metric = 100 + (noise / 2_147_483_647 - 0.5) * 10 + (s > deployAt ? shift : 0);
    w.at(`${s}s`, { name: 'http.latency.p95', service: 'shop', environment: 'production', metric });
    if (s === deployAt)
      w.at(`${s}s`, {
        type: 'dev.cdevents.service.deployed.0.3.0',
        service: 'shop',
        environment: 'production',
      });
  }
  w.advance('1h');
  return w;
}

test('a deploy that moved the latency is told', () => {
  const alerts = day(60)
    .actions('alert')
    .filter((one) => one.severity !== 'ok');
  if (alerts.length === 0) throw new Error('an alert expected');
});

test('a deploy that moved nothing is not', () => {
  const alerts = day(0)
    .actions('alert')
    .filter((one) => one.severity !== 'ok');
  if (alerts.length > 0) throw new Error('no alert expected');
});
