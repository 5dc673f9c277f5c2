/**
 * Steps of one's own, `territory/checks`: what a file of steps imports.
 *
 *     import { fail, step } from 'territory/checks';
 *
 *     step({
 *       expression: 'the basket has {int} items',
 *       kind: 'assertion',
 *       about: 'Asks the shop for the basket.',
 *       example: 'Then the basket has 2 items',
 *       run: async (scenario, given) => {
 *         const { body } = await scenario.request('/basket.json');
 *         const { items } = JSON.parse(body) as { items: unknown[] };
 *         if (items.length !== given.number(0)) fail(`it has ${items.length}`);
 *       },
 *     });
 */
import type { OwnStep } from './own-step.ts';
import { Says, take } from './taking.ts';

export type { Answer, Given, OwnStep, RequestOptions, Scenario } from './own-step.ts';

/** Declares a step. Throws where no file of steps is being loaded. */
export function step(one: OwnStep): void {
  take(one);
}

/** What the step says does not hold. */
export function fail(seen: string): never {
  throw new Says('failed', seen);
}

/** Whether it holds can not be said. */
export function unknown(why: string): never {
  throw new Says('unknown', why);
}
