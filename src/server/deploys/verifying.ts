import { laneOf } from '../../rooms/deploys/lanes.ts';
import type { LaneRecord } from '../../rooms/deploys/record.ts';
import { standingOf } from '../../rooms/where/fold.ts';
import { judge } from '../../rooms/where/verdict.ts';
import { shortName } from '../../rooms/alerts/names.ts';
import type { LaneKnown } from '../where/runtime.ts';
import { type Ground, ownActor } from './ground.ts';

/** While something that was just deployed is not verified yet it is looked at so often, ms. */
const soonMs = 2_000;
/** Else so often: what others deploy is verified as well. */
const seldomMs = 30_000;
/** What is not borne out after so long is looked at as seldom as all else, ms. */
const patienceMs = 180_000;

interface VerifierOptions extends Ground {
  readonly lanes: () => Promise<readonly LaneKnown[]>;
  /** Told what was just verified. */
  readonly onVerified: (app: string, environment: string, version: string) => Promise<void>;
}

/** Marks what evidence bears out: it is what one goes back to, and what may go on to the next place. */
export class Verifier {
  readonly #options: VerifierOptions;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: VerifierOptions) {
    this.#options = options;
  }

  /** Looks soon, when something has ended well; else when its time comes. */
  soon(): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    const wait = this.#awaited() ? soonMs : seldomMs;
    this.#timer = setTimeout(() => {
      this.#looking = this.look()
        .catch((error: unknown) => this.#options.onProblem(error))
        .finally(() => this.soon());
    }, wait).unref();
  }

  /** Looks at every lane, and marks what is verified by now. */
  async look(): Promise<void> {
    const { keeper, now, lanes } = this.#options;
    if (!keeper.ready) return;
    for (const lane of await lanes()) {
      const standing = standingOf(lane.deploys);
      const { version, state } = standing?.deploy ?? {};
      if (version === undefined || state === 'removed') continue;
      const known = laneOf(keeper.state.lanes, lane);
      if (known.running !== undefined || isMarked(known, version)) continue;
      if (judge({ ...lane, now: now() }).verdict !== 'verified') continue;
      // oxlint-disable-next-line no-await-in-loop -- few, and in their order
      await this.#mark(known, version, standing?.since ?? 0);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  /** Whether something that was just deployed is not verified yet. */
  #awaited(): boolean {
    const { keeper, now } = this.#options;
    if (!keeper.ready) return false;
    for (const lane of keeper.state.lanes.values()) {
      const { version } = lane.stands ?? {};
      const stood = version === undefined ? undefined : lane.versions.get(version)?.stood;
      if (version === undefined || !stood || isMarked(lane, version)) continue;
      if (stood.at > now() - patienceMs) return true;
    }
    return false;
  }

  async #mark(lane: LaneRecord, version: string, since: number): Promise<void> {
    const { give, onVerified } = this.#options;
    const { app, environment, stands } = lane;
    const ours = stands?.version === version ? stands.deploy : undefined;
    const stood = lane.versions.get(version)?.stood?.offset ?? since;
    const id = shortName('verified', app, environment, version, String(stood));
    const said = { kind: 'verify' as const, app, environment, version };
    const made = await give(
      { ...said, ...(ours !== undefined && { deploy: ours }) },
      { actor: ownActor, id },
    );
    if (made) await onVerified(app, environment, version);
  }
}

/** Whether it was borne out since it came to stand there. */
function isMarked({ versions, stands }: LaneRecord, version: string): boolean {
  const { verified, stood } = versions.get(version) ?? {};
  return (
    stands?.version === version && verified !== undefined && verified.offset >= (stood?.offset ?? 0)
  );
}
