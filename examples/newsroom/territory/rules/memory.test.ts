import { test, world, type World } from 'territory/rules/test';

const mega = 1024 * 1024;

/** A reading each 5 s between two times (s): MB from a number on, growing by so much a minute. */
function memory(
  w: World,
  [from, to]: readonly [number, number],
  start: number,
  perMinute: number,
): void {
  for (let s = from; s < to; s += 5)
    w.at(`${s}s`, {
      name: 'process.memory.usage',
      service: 'site',
      environment: 'production',
      metric: (start + (perMinute * (s - from)) / 60) * mega,
      attributes: { 'service.instance.id': 'blue-1' },
    });
}
const alerts = (w: World) => w.actions('alert').filter(({ severity }) => severity !== 'ok');

test('memory that grows for minutes alerts, with the release before it', () => {
  const w = world('./memory.ts');
  memory(w, [0, 120], 60, 0);
  w.at('120s', {
    id: 'deploy',
    type: 'dev.cdevents.service.deployed.0.3.0',
    service: 'site',
    environment: 'production',
  });
  memory(w, [121, 360], 60, 25);
  const [alert] = alerts(w);
  if (alert?.rule !== 'growing-memory') throw new Error(`it said ${alert?.rule}`);
  if (alert.suspects?.[0]?.id !== 'deploy') throw new Error('the deploy expected as a suspect');
});

test('a process that warms up and stays there says nothing', () => {
  const w = world('./memory.ts');
  memory(w, [0, 60], 65, 13);
  memory(w, [60, 120], 78, 8);
  memory(w, [120, 500], 86, 1);
  if (alerts(w).length > 0) throw new Error(`it said ${alerts(w)[0]?.title}`);
});

/** Instances that end, each so long (s) after the one before. */
function deaths(w: World, count: number, every: number): readonly string[] {
  for (let i = 1; i <= count; i++)
    w.at(`${i * every}s`, {
      type: 'dev.cdeventsx.territory-instance.died.0.1.0',
      service: 'site',
      environment: 'production',
      attributes: { 'service.instance.id': `blue${1 + (i % 2)}` },
    });
  w.advance('5m');
  return w.actions('alert').map(({ severity }) => severity);
}

test('instances that die again and again are told, and forgotten when they stay', () => {
  const said = deaths(world('./memory.ts'), 4, 10);
  if (said[0] !== 'warning' || said.at(-1) !== 'ok') throw new Error(`it said ${said.join()}`);
});

test('two that are started again are none', () => {
  const said = deaths(world('./memory.ts'), 2, 10);
  if (said.some((severity) => severity !== 'ok')) throw new Error(`it said ${said.join()}`);
});
