import { test, world, type World } from 'territory/rules/test';

function memory(w: World, service: string, instance: string, environment = 'production'): void {
  w.at('5s', {
    name: 'process.memory.usage',
    service,
    environment,
    metric: 50_000_000,
    attributes: { 'service.instance.id': instance },
  });
}
const beats = (w: World) =>
  w
    .out('alive')
    .map(({ service, attributes }) => `${service} ${attributes?.['service.instance.id']}`);

test('of those who are several each instance beats by itself', () => {
  const w = world('./alive.ts');
  for (const instance of ['blue-1', 'blue-2']) memory(w, 'site', instance);
  if (beats(w).join() !== 'site blue-1,site blue-2') throw new Error(`it is ${beats(w).join()}`);
  const [first] = w.out('alive');
  if (first?.type !== 'heartbeat' || first.ttl !== 20 || first.metric !== undefined)
    throw new Error(`it is ${JSON.stringify(first)}`);
});

test('of others it is the service that beats', () => {
  const w = world('./alive.ts');
  memory(w, 'importer', 'host-7');
  memory(w, 'site', 'green-1', 'staging');
  if (w.out('alive').some((beat) => beat.attributes?.['service.instance.id'] !== undefined))
    throw new Error('no instance expected');
  const said = w.out('alive').map(({ service, environment }) => `${service} ${environment}`);
  if (said.join() !== 'importer production,site staging') throw new Error(`it is ${said.join()}`);
});
