import type { ArchitectureCount } from '../../rooms/demo/architectures.ts';
import type { Sight } from './sights.ts';

/**
 * Counts that begin again with each start of a program, added up over its lives as far as they were heard,
 * from the first look on: what the feeds gave before is not compared with what came out either.
 */
export class SinceStarts {
  readonly #names: readonly ArchitectureCount[];
  readonly #before = new Map<ArchitectureCount, number>();
  readonly #last = new Map<ArchitectureCount, number>();
  readonly #first = new Map<ArchitectureCount, number>();

  constructor(names: readonly ArchitectureCount[]) {
    this.#names = names;
  }

  of({ counts, sees }: Sight): Sight {
    const sums = this.#names.flatMap((name) => {
      const now = counts[name];
      if (now === undefined) return [];
      const first = this.#first.get(name) ?? now;
      this.#first.set(name, first);
      const last = this.#last.get(name) ?? 0;
      // It only ever grows in one life.
      if (now < last) this.#before.set(name, (this.#before.get(name) ?? 0) + last);
      this.#last.set(name, now);
      return [[name, (this.#before.get(name) ?? 0) + now - first] as const];
    });
    return { counts: { ...counts, ...Object.fromEntries(sums) }, sees };
  }
}

/**
 * Counts that go on for ever, from the first that was heard on. What was in hand then was taken in, and
 * its end is counted: so that all that was taken in is done, dead, or in hand.
 */
export class SinceBegin {
  #first: Sight['counts'] | undefined;

  of({ counts, sees }: Sight): Sight {
    const { imported, done, dead, waiting = 0, inProgress = 0 } = counts;
    if (imported === undefined || done === undefined || dead === undefined) return { counts, sees };
    this.#first ??= { imported: imported - waiting - inProgress, done, dead };
    const first = this.#first;
    const since = {
      imported: imported - (first.imported ?? 0),
      done: done - (first.done ?? 0),
      dead: dead - (first.dead ?? 0),
    };
    return { counts: { ...counts, ...since }, sees };
  }
}
