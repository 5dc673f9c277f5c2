import type { PlacedEvent } from '../../../event/codec.ts';
import { World, start } from '../where.suite.ts';
import { type Judgement, judge } from '../verdict.ts';
import { type Channel, type Evidence, type OsSeen, evidenceDraft, lookIn } from './evidence.ts';
import { Looks } from './looks.ts';

/** A channel that found something. */
export const found = <T>(what: T): Channel<T> => ({ found: what });
/** One that could not look. */
export const blind = (why: string): Channel<never> => ({ found: null, why });

/** Who listens on a port: an instance that the runner started, unless told otherwise. */
export const listener = (
  port: number,
  version: string | null,
  more: Partial<OsSeen> = {},
): OsSeen => ({
  port,
  slot: `${port}`,
  pid: 100 + port,
  version,
  cwd: `/artefacts/${version}/files`,
  gone: false,
  ours: true,
  wanted: 'up',
  listening: true,
  ...more,
});

/** Nobody there. */
export const nobody = (port: number, wanted: 'up' | 'down' = 'up'): OsSeen =>
  listener(port, null, { pid: null, cwd: null, ours: false, listening: false, wanted });

/** A world in which runners look, too. */
export class LookingWorld extends World {
  readonly looks = new Looks();
  #offset = 0;

  /** A look, so many ms after the start; what is not named could not be looked at. */
  look(after: number, seen: Partial<Evidence>, runner = 'box'): void {
    const none = blind('not in this test');
    const evidence: Evidence = {
      app: 'shop',
      environment: 'production',
      at: start + after,
      every: 10_000,
      self: none,
      front: none,
      os: none,
      disk: none,
      schema: none,
      config: none,
      balancer: none,
      ...seen,
    };
    const draft = evidenceDraft(evidence, runner);
    const placed: PlacedEvent = {
      source: '/tokens/runner',
      received: start + after,
      stream: 'readings',
      offset: ++this.#offset,
      ...draft,
      id: draft.id ?? '',
      time: draft.time ?? 0,
    };
    const look = lookIn(placed);
    if (!look) throw new Error('a look that can not be read');
    this.looks.take(look);
  }

  override known(after: number) {
    return { ...super.known(after), watched: [...this.looks.all()] };
  }

  override judge(after: number): Judgement {
    return judge(this.known(after));
  }
}
