import { test, world } from 'territory/rules/test';

test('who answers visitors is alive, once in 5 seconds, each instance by itself', () => {
  const w = world('./alive.ts');
  for (let s = 0; s < 10; s++)
    for (const instance of ['blue-1', 'blue-2'])
      w.at(`${s}s`, {
        name: 'http.server.request.duration',
        service: 'site',
        environment: 'production',
        metric: 0.01,
        attributes: { 'service.instance.id': instance },
      });
  const beats = w.out('alive');
  if (beats.length !== 4) throw new Error(`4 expected, not ${beats.length}`);
  const [first] = beats;
  if (first?.type !== 'heartbeat' || first.ttl !== 20 || first.metric !== undefined)
    throw new Error(`it is ${JSON.stringify(first)}`);
  if (first.attributes?.['service.instance.id'] !== 'blue-1')
    throw new Error('its instance expected');
});

test('an encoder beats by itself', () => {
  const w = world('./alive.ts');
  w.at('0s', {
    type: 'worker.heartbeat',
    service: 'encoder',
    environment: 'production',
    attributes: { 'service.instance.id': 'blue-1' },
  });
  if (w.out('alive')[0]?.service !== 'encoder') throw new Error('a heartbeat expected');
});
