import { readFileSync } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { checksErrors } from '../errors.ts';
import { lineOfFinding } from '../language/plan.ts';
import { Unknown } from '../run/failed.ts';
import { outboundOf } from '../run/outbound.ts';
import type { Surroundings } from '../run/world.ts';
import { meant } from './field.ts';
import { readCheckSettings } from './read.ts';
import type { CheckEnvironment, CheckSettings, ValuePlace } from './settings.ts';

/** Bytes of a file beside a feature; a map of a quarter of a million redirects has half of it. */
const mostFile = 64 * 1024 * 1024;

/** Gives what stands at a place of values; undefined where there is nothing. */
export type SecretsFrom = (place: ValuePlace) => string | undefined;

/**
 * Values from the environment of the process and from files. They are read each time, so that a
 * secret that was changed is used at once.
 * @param folder what paths are relative to: the folder of the settings
 */
export function secretsFrom(
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
): SecretsFrom {
  return (place) => {
    if (place.kind === 'env') return env[place.name] || undefined;
    try {
      return readFileSync(resolve(folder, place.path), 'utf8').replace(/\r?\n$/, '') || undefined;
    } catch {
      return undefined;
    }
  };
}

/** Reads `checks.yaml`. Throws TERR_CHECKS_SETTINGS with all that is wrong, and where. */
export async function loadCheckSettings(file: string): Promise<CheckSettings> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'is not there' : `can not be read: ${code}`;
    throw checksErrors('SETTINGS', `${file} ${why}`, { file, cause: error });
  }
  const read = readCheckSettings(file, text);
  if ('settings' in read) return read.settings;
  throw checksErrors('SETTINGS', read.findings.map(lineOfFinding).join('\n'), { file });
}

/** Throws TERR_CHECKS_SETTINGS where the settings have no environment of this name. */
export function environmentNamed(settings: CheckSettings, name: string): CheckEnvironment {
  const found = settings.environments.find((one) => one.name === name);
  if (found) return found;
  const where =
    settings.file === '' ? 'there is no checks.yaml that names' : `${settings.file} has`;
  const names = settings.environments.map((one) => one.name);
  throw checksErrors(
    'SETTINGS',
    settings.file === ''
      ? `${where} the environment "${name}"`
      : `${where} no environment "${name}"${meant(name, names)}`,
    { field: '--env', ...(settings.file === '' ? {} : { file: settings.file }) },
  );
}

/**
 * What scenarios are run with in an environment. What the settings name as base of an environment
 * or address of an application may be gone to, also where it is not public, if it is written as an
 * IP address or as localhost. Throws TERR_CHECKS_SETTINGS for an environment that is not there.
 * @param folder where paths of files in steps begin; they may not leave it, nor the settings' folder
 */
export function surroundingsFor(
  settings: CheckSettings,
  environment: string,
  folder: string,
  valueOf: SecretsFrom,
): Surroundings {
  const own = environmentNamed(settings, environment);
  const { base, applications, allow, secrets, datasources } = own;
  const addresses = [...(base === undefined ? [] : [base]), ...Object.values(applications)];
  const value = (places: Readonly<Record<string, ValuePlace>>, name: string) => {
    const place = Object.hasOwn(places, name) ? places[name] : undefined;
    return place === undefined ? undefined : valueOf(place);
  };
  return {
    base,
    environment,
    application: (name) => (Object.hasOwn(applications, name) ? applications[name] : undefined),
    outbound: outboundOf([...allow, ...addresses.flatMap(placesOf)]),
    secret: (name) => value(secrets, name),
    datasource: (name) => value(datasources, name),
    file: filesBelow(folder, settings.file === '' ? folder : dirname(settings.file)),
  };
}

/** As `surroundings`, for scenarios about an application: its address is what paths are relative to. */
export function aboutApplication(
  surroundings: Surroundings,
  application: string | undefined,
): Surroundings {
  const address = application === undefined ? undefined : surroundings.application?.(application);
  return address === undefined ? surroundings : { ...surroundings, base: address };
}

/** What of an address may be gone to because it was given, as `outboundOf` reads it. */
export function placesOf(address: string): readonly string[] {
  const { hostname, port, protocol } = new URL(address);
  const at = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  if (hostname === 'localhost') return [`127.0.0.1:${at}`, `[::1]:${at}`];
  return hostname.startsWith('[') || /^[\d.]+$/.test(hostname) ? [`${hostname}:${at}`] : [];
}

/**
 * Reads texts of files by their paths from `folder`. What is outside of it and of `above`, also by
 * a symbolic link, is Unknown.
 */
export function filesBelow(folder: string, above: string): (path: string) => Promise<string> {
  return async (path) => {
    const root = isWithin(resolve(folder), resolve(above)) ? above : folder;
    const file = resolve(folder, path);
    if (isAbsolute(path) || !isWithin(file, resolve(root)))
      throw new Unknown(`"${path}" is outside of the folder of the features`);
    try {
      const [real, realRoot] = await Promise.all([realpath(file), realpath(root)]);
      if (!isWithin(real, realRoot))
        throw new Unknown(`"${path}" is outside of the folder of the features`);
      if ((await stat(real)).size > mostFile)
        throw new Unknown(`"${path}" has more than ${mostFile} bytes`);
      return await readFile(real, 'utf8');
    } catch (error) {
      if (error instanceof Unknown) throw error;
      throw new Unknown(`"${path}" can not be read: ${(error as NodeJS.ErrnoException).code}`);
    }
  };
}

function isWithin(path: string, folder: string): boolean {
  const from = relative(folder, path);
  return from === '' || (!isAbsolute(from) && from !== '..' && !from.startsWith(`..${sep}`));
}
