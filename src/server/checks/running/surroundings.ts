import { dirname, join } from 'node:path';
import type { Browsers, StreamQuestions } from '../../../checks/run/ports.ts';
import type { Surroundings } from '../../../checks/run/world.ts';
import type { CheckSettings } from '../../../checks/settings/settings.ts';
import {
  aboutApplication,
  filesBelow,
  secretsFrom,
  surroundingsFor,
} from '../../../checks/settings/surroundings.ts';

interface Ground {
  readonly folder: string;
  readonly browsers: Browsers;
  readonly stream: (environment: string) => StreamQuestions;
}

/**
 * What scenarios are run with. Of each environment one, as long as the settings are the same, so
 * that connections are kept between runs.
 */
export class SurroundingsBook {
  readonly #ground: Ground;
  readonly #settings: CheckSettings;
  readonly #known = new Map<string, Surroundings>();

  constructor(settings: CheckSettings, ground: Ground) {
    this.#ground = ground;
    // Its folder is where secrets in files are looked for, and no file is read outside of it.
    this.#settings = { ...settings, file: join(ground.folder, 'checks.yaml') };
  }

  /** Throws TERR_CHECKS_SETTINGS where there is no such environment. */
  of(environment: string, application: string | undefined, feature: string): Surroundings {
    const { folder } = this.#ground;
    const own = this.#known.get(environment) ?? this.#made(environment);
    this.#known.set(environment, own);
    const file = filesBelow(join(folder, dirname(feature)), folder);
    return aboutApplication({ ...own, file }, application);
  }

  #made(environment: string): Surroundings {
    const { folder, browsers, stream } = this.#ground;
    const valueOf = secretsFrom(process.env, folder);
    const own = surroundingsFor(this.#settings, environment, folder, valueOf);
    return { ...own, browsers, stream: stream(environment) };
  }
}
