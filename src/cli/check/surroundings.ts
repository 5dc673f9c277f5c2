import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { outboundOf } from '../../checks/run/outbound.ts';
import type { Surroundings } from '../../checks/run/world.ts';
import { noSettings } from '../../checks/settings/settings.ts';
import {
  filesBelow,
  loadCheckSettings,
  placesOf,
  secretsFrom,
  surroundingsFor,
} from '../../checks/settings/surroundings.ts';

/** Where a feature is run, as it was asked for. */
export interface Asked {
  readonly env?: string;
  readonly base?: string;
  readonly settings?: string;
}

/**
 * What a feature is run with. `checks.yaml` is looked for beside the feature and above it. Throws
 * TERR_CHECKS_SETTINGS.
 */
export async function surroundingsOf(
  feature: string,
  { env: environment, base, settings: named }: Asked,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Surroundings> {
  const folder = dirname(resolve(feature));
  const file = named ?? settingsAbove(folder);
  if (environment === undefined)
    return {
      base,
      outbound: outboundOf(base === undefined ? [] : placesOf(base)),
      secret: () => undefined,
      file: filesBelow(folder, folder),
    };
  const settings = file === undefined ? noSettings : await loadCheckSettings(resolve(file));
  const valueOf = secretsFrom(env, dirname(resolve(settings.file)));
  if (base === undefined) return surroundingsFor(settings, environment, folder, valueOf);
  const own = settings.environments.map((one) =>
    one.name === environment ? { ...one, base } : one,
  );
  return surroundingsFor({ ...settings, environments: own }, environment, folder, valueOf);
}

function settingsAbove(folder: string): string | undefined {
  const file = join(folder, 'checks.yaml');
  if (existsSync(file)) return file;
  const above = dirname(folder);
  return above === folder ? undefined : settingsAbove(above);
}
