import type { StepDefinition } from '../language/vocabulary.ts';
import { Failed } from '../run/failed.ts';
import type { Answer } from '../run/http.ts';
import type { World } from '../run/world.ts';

export type Step = StepDefinition<World>;

/** What a request gives, and what is said of an answer needs. */
export const anAnswer = 'an answer';

/** Steps that say something of what has to be there before them. */
export const needing = (needs: string, steps: readonly Step[]): readonly Step[] =>
  steps.map((step) => ({ ...step, needs }));

/** Steps after which something is there. */
export const giving = (gives: string, steps: readonly Step[]): readonly Step[] =>
  steps.map((step) => ({ ...step, gives }));

/** Throws Failed with what was expected and what was seen. */
export function expectThat(holds: boolean, expected: string, seen: string): void {
  if (!holds) throw new Failed(`expected ${expected}; ${seen}`);
}

/** Every assertion of an answer has it at hand, and few need it. */
const words = new WeakMap<Answer, string>();

/** The status and the beginning of an answer, for people. */
export function shown({ seen }: World): string {
  const known = words.get(seen);
  if (known !== undefined) return known;
  const body = seen.body.slice(0, 300).replaceAll(/\s+/g, ' ').trim();
  const said = `${seen.url} answered ${seen.status}${body === '' ? ' without a body' : `: ${body}`}`;
  words.set(seen, said);
  return said;
}
