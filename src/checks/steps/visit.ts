import { type Answer, type Request, send } from '../run/http.ts';
import type { Part, World } from '../run/world.ts';

/** The answers of the last action that asked for something: of several visits all of them. */
export const answers: Part<{ all: readonly Answer[] }> = { make: () => ({ all: [] }) };

/** Asks for something; the answer is what the steps that follow are about. */
export async function visit(
  world: World,
  wanted: Partial<Request> & Pick<Request, 'path'>,
): Promise<Answer> {
  world.answer = undefined;
  const part = world.part(answers);
  part.all = [];
  const answer = await send(world, { method: 'GET', follow: true, ...wanted });
  world.answer = answer;
  part.all = [answer];
  return answer;
}
