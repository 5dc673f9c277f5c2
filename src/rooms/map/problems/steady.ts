import type { MapProblem } from '../seen.ts';

/** So long something is there, or gone, before it is written down, ms: health may come and go. */
export const steadyAfter = 60_000;

/**
 * Which problems are to be written down as found or as gone: those that are so for a while. Without
 * it each failing check of something flapping would be two facts.
 */
export class SteadyProblems {
  /** When each was there first, or was gone first, ms since the epoch. */
  readonly #there = new Map<string, number>();
  readonly #gone = new Map<string, number>();

  /**
   * @param written those that are written down as found, by id
   * @param now those that are there
   * @param time ms since the epoch
   */
  look(
    written: ReadonlyMap<string, MapProblem>,
    now: readonly MapProblem[],
    time: number,
  ): { readonly found: MapProblem[]; readonly resolved: MapProblem[] } {
    const ids = new Set(now.map(({ id }) => id));
    keepOnly(this.#there, (id) => ids.has(id) && !written.has(id));
    keepOnly(this.#gone, (id) => !ids.has(id) && written.has(id));
    return {
      found: now.filter(({ id }) => !written.has(id) && lasts(this.#there, id, time)),
      resolved: [...written.values()].filter(
        ({ id }) => !ids.has(id) && lasts(this.#gone, id, time),
      ),
    };
  }
}

function keepOnly(times: Map<string, number>, is: (id: string) => boolean): void {
  for (const id of times.keys()) if (!is(id)) times.delete(id);
}

/** Whether it lasts long enough; the first time it begins to. */
function lasts(times: Map<string, number>, id: string, time: number): boolean {
  const since = times.get(id);
  if (since === undefined) times.set(id, time);
  return since !== undefined && time - since >= steadyAfter;
}
