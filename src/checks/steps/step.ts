import type { StepDefinition } from '../language/vocabulary.ts';
import { Failed } from '../run/failed.ts';
import type { World } from '../run/world.ts';

export type Step = StepDefinition<World>;

/** Throws Failed with what was expected and what was seen. */
export function expectThat(holds: boolean, expected: string, seen: string): void {
  if (!holds) throw new Failed(`expected ${expected}; ${seen}`);
}

/** The status and the beginning of an answer, for people. */
export function shown({ seen }: World): string {
  const words = seen.body.slice(0, 300).replaceAll(/\s+/g, ' ').trim();
  return `${seen.url} answered ${seen.status}${words === '' ? ' without a body' : `: ${words}`}`;
}
