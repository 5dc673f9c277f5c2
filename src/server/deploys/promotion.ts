import { shortName } from '../../rooms/alerts/names.ts';
import { openPolicy } from '../../rooms/deploys/record.ts';
import { promotionActor } from './after-rollback.ts';
import type { Ground } from './ground.ts';
import type { StoreKnowledge } from './store-knowledge.ts';

interface PromotionOptions extends Pick<Ground, 'keeper'> {
  readonly store: StoreKnowledge;
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
    for (const environment of release?.delivery?.promote.auto ?? []) {
      const { after } = keeper.state.environments.get(environment) ?? openPolicy;
      if (!fits(after)) continue;
      const id = shortName('promotion', app, environment, version, release?.digest ?? '');
      // oxlint-disable-next-line no-await-in-loop -- few, and in the order of the manifest
      await ask({ app, version, environment }, { actor: promotionActor, id });
    }
  }
}
