import type { OwnStep } from './own-step.ts';

/**
 * Who takes what a file declares while it is loaded. On the global object, because the file may have
 * its own copy of this module (the package's, where we run from sources).
 */
const place = Symbol.for('territory.checks.taking');

interface Taking {
  [place]?: ((one: OwnStep) => void) | undefined;
}

/** What a step's code says of what it saw; known by `says`, whichever copy it is of. */
export class Says extends Error {
  readonly says: 'failed' | 'unknown';

  constructor(says: 'failed' | 'unknown', words: string) {
    super(words);
    this.says = says;
  }
}

/** Throws where no file of steps is being loaded. */
export function take(one: OwnStep): void {
  const taker = (globalThis as Taking)[place];
  if (!taker) throw new Error('steps are declared at the top of a file of steps');
  taker(one);
}

let loading: Promise<unknown> = Promise.resolve();

/** Gives the steps that are declared meanwhile to `taker`; one load at a time. */
export async function declaring(
  load: () => Promise<void>,
  taker: (one: OwnStep) => void,
): Promise<void> {
  const turn = loading.then(async () => {
    (globalThis as Taking)[place] = taker;
    try {
      await load();
    } finally {
      (globalThis as Taking)[place] = undefined;
    }
  });
  loading = turn.catch(() => undefined);
  return turn;
}
