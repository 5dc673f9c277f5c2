import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Event } from '../../event/event.ts';
import { toldBy } from './told.ts';
import { World, minute, start } from './where.suite.ts';

const folder = join(import.meta.dirname, '../../../test/vectors/webhooks');

/** What the webhooks of a product make of what it sends. */
function eventsOf(product: string, name: string): readonly Event[] {
  const text = readFileSync(join(folder, product, `${name}.events.json`), 'utf8');
  return JSON.parse(text) as readonly Event[]; // the golden files of the webhooks
}

const sha = 'c'.repeat(40);

test.each([
  ['github', 'deployment-queued', []],
  ['github', 'deployment-in-progress', [`started shop-web ${sha}`]],
  ['github', 'deployment-success', [`deployed shop-web ${sha}`]],
  ['github', 'deployment-failure', [`failed shop-web ${sha}`]],
  ['github', 'deployment-rollback', [`rolledback shop-web ${sha}`]],
  ['github', 'deployment-inactive', []],
  ['gitlab', 'deployment-created', []],
  ['gitlab', 'deployment-running', [`started shop ${sha}`]],
  ['gitlab', 'deployment-success', [`deployed shop ${sha}`]],
  ['gitlab', 'deployment-failed', [`failed shop ${sha}`]],
  ['gitlab', 'deployment-canceled', [`cancelled shop ${sha}`]],
])('%s, %s', (product, name, expected) => {
  const told = eventsOf(product, name).flatMap((event) => {
    const { time } = event;
    const one = toldBy({ ...event, stream: 'facts', offset: 1, received: time });
    return one ? [`${one.happened} ${one.app} ${one.version}`] : [];
  });
  expect(told).toEqual(expected);
});

const steps = {
  'the forge begins': (world: World) => forge(world, 'in-progress', 0),
  'the pipeline begins': (world: World) => pipeline(world, 'started', 20_000),
  'the pipeline ends': (world: World) => pipeline(world, 'finished', 4 * minute),
  'the forge ends': (world: World) => forge(world, 'success', 5 * minute),
} as const;
type Step = keyof typeof steps;

function forge(world: World, name: string, after: number): void {
  for (const event of eventsOf('github', `deployment-${name}`))
    world.hear({ ...event, service: 'shop', time: start + after });
}

function pipeline(world: World, report: 'started' | 'finished', after: number): void {
  world.report(report, '1.4.2', after, { id: '77', commit: sha });
}

test.each<readonly [Step, Step, Step, Step]>([
  ['the forge begins', 'the pipeline begins', 'the pipeline ends', 'the forge ends'],
  ['the pipeline begins', 'the forge begins', 'the forge ends', 'the pipeline ends'],
  ['the pipeline begins', 'the pipeline ends', 'the forge begins', 'the forge ends'],
  ['the forge ends', 'the pipeline ends', 'the pipeline begins', 'the forge begins'],
])('a deploy that a forge and a pipeline tell of is one: %s, %s, %s, %s', (...order) => {
  const world = new World();
  for (const step of order) steps[step](world);
  const { deploys } = world.known(0);
  expect(deploys).toMatchObject([{ state: 'succeeded', commit: sha, started: start }]);
  expect([...(deploys[0]?.ids ?? [])].toSorted()).toEqual(['145988746', 'shop/production/77']);
});
