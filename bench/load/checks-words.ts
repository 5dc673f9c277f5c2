import { vocabularyOf } from '../../src/checks/language/vocabulary.ts';
import type { World } from '../../src/checks/run/world.ts';
import { vocabulary } from '../../src/checks/steps/vocabulary.ts';

/** Territory's own steps, and one that does nothing: what a runner costs by itself. */
export const words = vocabularyOf<World>([
  ...vocabulary.definitions,
  {
    expression: 'nothing happens',
    kind: 'assertion',
    group: 'bench',
    about: '',
    example: [],
    run: () => {},
  },
]);
