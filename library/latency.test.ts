import { test, world, type World } from 'territory/rules/test';

function answers(w: World, from: number, to: number, ms: number): void {
  for (let s = from; s < to; s++)
    for (let i = 0; i < 40; i++)
      w.at(`${s}s`, { name: 'http.latency', service: 'shop', metric: i === 0 ? 5 * ms : ms });
}

test('slow answers alert after two minutes, and the percentile is a reading of its own', () => {
  const w = world('./latency.ts');
  answers(w, 0, 60, 100);
  answers(w, 60, 400, 900);
  const [alert, ...more] = w.actions('alert').filter((one) => one.severity !== 'ok');
  if (alert?.severity !== 'warning' || more.length > 0) throw new Error('one warning expected');
  if (!w.out('http.latency.p95').some((one) => Math.abs((one.metric ?? 0) - 900) < 9))
    throw new Error('a percentile of 900 ms expected');
});

test('one slow answer in forty is none of its business', () => {
  const w = world('./latency.ts');
  answers(w, 0, 600, 100);
  if (w.actions('alert').some((one) => one.severity !== 'ok')) throw new Error('no alert expected');
});
