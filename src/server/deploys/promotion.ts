import { shortName } from '../../rooms/alerts/names.ts';
import type { Delivery } from '../../rooms/releases/artefact/delivery.ts';
import { promotionActor } from './after-rollback.ts';
import type { Release } from '../../rooms/releases/artefact/release.ts';
import type { Ground } from './ground.ts';
import type { StoreKnowledge } from './store-knowledge.ts';

interface PromotionOptions extends Pick<Ground, 'keeper'> {
  readonly store: StoreKnowledge;
  /** The version that stands somewhere. */
  readonly standing: (app: string, environment: string) => Promise<string | undefined>;
  /** Asks for a deploy; the same id asks once. */
  readonly ask: (
    wanted: { readonly app: string; readonly version: string; readonly environment: string },
    giving: { readonly actor: string; readonly id: string },
  ) => Promise<void>;
}

/** Asks by itself for what a release says is to go out by itself. */
export class Promotion {
  readonly #options: PromotionOptions;

  constructor(options: PromotionOptions) {
    this.#options = options;
  }

  /** A version is there: it goes to where nothing comes before. */
  async published(app: string, version: string): Promise<void> {
    await this.#ask(app, version, (after) => after === null);
  }

  /** A version was verified in an environment: it goes on to those that come after it. */
  async verified(app: string, environment: string, version: string): Promise<void> {
    await this.#ask(app, version, (after) => after === environment);
  }

  async #ask(app: string, version: string, fits: (after: string | null) => boolean): Promise<void> {
    const { keeper, store, ask } = this.#options;
    const release = await store.release(app, version);
    if (!release) return;
    const promote = release.delivery?.promote;
    for (const environment of promote?.auto ?? []) {
      const declared = keeper.state.environments.get(environment);
      if (!fits(declared ? declared.after : beforeIn(promote, environment))) continue;
      // oxlint-disable-next-line no-await-in-loop -- few, and in the order of the manifest
      if (await this.#isOld(release, environment)) continue;
      const id = shortName('promotion', app, environment, version, release.digest);
      // oxlint-disable-next-line no-await-in-loop -- as above
      await ask({ app, version, environment }, { actor: promotionActor, id });
    }
  }

  /** Nothing goes back by itself: neither what was gone back to, nor what somebody says is there. */
  async #isOld({ app, source }: Release, environment: string): Promise<boolean> {
    const { store, standing } = this.#options;
    const stands = await standing(app, environment);
    const there = stands === undefined ? undefined : await store.release(app, stands);
    return there !== undefined && Date.parse(there.source.builtAt) >= Date.parse(source.builtAt);
  }
}

/** Where nobody declared it, the manifest says in which order environments come. */
function beforeIn(promote: Delivery['promote'] | undefined, environment: string): string | null {
  const place = promote?.order.indexOf(environment) ?? -1;
  return place > 0 ? (promote?.order[place - 1] ?? null) : null;
}
