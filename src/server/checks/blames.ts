import type { CheckDefinition } from '../../rooms/checks/definition.ts';
import type { Outcome } from './recording/readings.ts';
import { blindRun } from './running/run-check.ts';
import type { Fallen } from './running/thread.ts';

/**
 * Who took the thread down. A check that certainly did is not run until it is another. Where it can
 * not be said, all that ran are suspects: of them one alone at a time runs, until it has come to an
 * end or is found to be the one.
 */
export class Blames {
  readonly #banned = new Map<string, { readonly sha: string; readonly why: string }>();
  #suspects = new Set<string>();

  get suspects(): readonly string[] {
    return [...this.#suspects];
  }

  /** Why checks are not run; those that are others by now are. */
  banned(definitions: ReadonlyMap<string, CheckDefinition>): ReadonlyMap<string, string> {
    for (const [id, { sha }] of this.#banned)
      if (definitions.get(id)?.sha !== sha) this.#banned.delete(id);
    return new Map([...this.#banned].map(([id, { why }]) => [id, why]));
  }

  get size(): number {
    return this.#banned.size;
  }

  /** It came to an end. */
  cleared(check: string): void {
    this.#suspects.delete(check);
  }

  /** What came of the slots that were under way. `now`: ms, UTC. */
  fell(
    { why, underway, culprit, isBound }: Fallen,
    definitions: ReadonlyMap<string, CheckDefinition>,
    now: number,
  ): readonly Outcome[] {
    const suspected = underway.filter(({ check }) => this.#suspects.has(check));
    const guilty = isBound
      ? (culprit ?? (suspected.length === 1 ? suspected[0] : undefined))
      : undefined;
    const definition = guilty && definitions.get(guilty.check);
    if (isBound && !guilty) this.#suspects = new Set(underway.map(({ check }) => check));
    if (definition) {
      this.#suspects.delete(definition.id);
      const said = `it is not run until it is changed: ${why}`;
      this.#banned.set(definition.id, { sha: definition.sha, why: said });
    }
    return underway.map(({ check, slot }): Outcome => {
      if (definition && check === definition.id)
        return { kind: 'run', run: blindRun(definition, { slot, at: now }, why) };
      return { kind: 'missed', missed: { check, slot, why: 'stopped', slots: 1 } };
    });
  }
}
