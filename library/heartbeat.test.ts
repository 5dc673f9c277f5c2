import { test, world } from 'territory/rules/test';

test('who falls silent alerts; who comes back ends it', () => {
  const w = world('./heartbeat.ts');
  for (let s = 0; s <= 60; s += 10) w.at(`${s}s`, { type: 'heartbeat', host: 'a' });
  w.advance('2m');
  w.at('10m', { type: 'heartbeat', host: 'a' });
  const said = w.actions('alert').map((one) => `${one.key['host']} ${one.severity}`);
  if (said.join() !== 'a critical,a ok') throw new Error(`it said ${said.join()}`);
});

test('who goes on says nothing', () => {
  const w = world('./heartbeat.ts');
  for (let s = 0; s <= 600; s += 30) w.at(`${s}s`, { type: 'heartbeat', host: 'a' });
  if (w.actions('alert').some((one) => one.severity !== 'ok')) throw new Error('no alert expected');
});
