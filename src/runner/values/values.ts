import { createHmac } from 'node:crypto';
import { inOrder } from '../../rooms/releases/artefact/canonical.ts';
import type { ConfigKey, Release } from '../../rooms/releases/artefact/release.ts';
import { faultOf } from './types.ts';

/** The configuration of one release in one environment. */
export interface Resolved {
  /** As environment variables of the process. */
  readonly env: Readonly<Record<string, string>>;
  /** Values of secret keys, to be masked. */
  readonly secrets: readonly string[];
  /** Required keys that have neither a value nor a default. */
  readonly missing: readonly string[];
  /** What else is not right, one sentence each, without any value. */
  readonly wrong: readonly string[];
  /**
   * `sha256:` and an HMAC-SHA-256 over names and values, by a key that stays on this machine: it
   * tells equal from other, and nobody without that key can try out what a short secret may be.
   */
  readonly digest: string;
}

/** What is needed of a release: its name and its keys. */
export type Configured = Pick<Release, 'app' | 'config'>;

/**
 * What a release gets in an environment: of the values there those that it declares as keys, and
 * the defaults of the others. The default of a secret is in its own file of keys only, so it is
 * neither given nor missing. A name that is none of a variable (`db.url`) is given as `db_url`.
 * `key` is that of `valuesKey`.
 */
export function resolve(
  release: Configured,
  values: Readonly<Record<string, string>>,
  environment: string,
  key: Uint8Array,
): Resolved {
  const keys = release.config.keys.toSorted((a, b) => inOrder(a.name, b.name));
  const given = keys.flatMap((one) => {
    const value = Object.hasOwn(values, one.name) ? values[one.name] : (one.default ?? undefined);
    return value === undefined ? [] : [{ ...one, value }];
  });
  const has = new Set(given.map(({ name }) => name));
  const list = given.map(({ name, value }) => [name, value]);
  const mac = createHmac('sha256', key).update(JSON.stringify([release.app, environment, list]));
  return {
    env: Object.fromEntries(given.map(({ name, value }) => [variableOf(name), value])),
    secrets: given.flatMap(({ secret, value }) => (secret && value !== '' ? [value] : [])),
    missing: keys.filter((one) => isMissing(one, has)).map(({ name }) => name),
    wrong: [...given.flatMap(faultOf), ...collisionsOf(keys)],
    digest: `sha256:${mac.digest('hex')}`,
  };
}

const isMissing = ({ name, required, defaultSha }: ConfigKey, has: ReadonlySet<string>): boolean =>
  required && !has.has(name) && defaultSha === null;

const variableOf = (name: string): string => name.replaceAll(/[.-]/g, '_');

function collisionsOf(keys: readonly ConfigKey[]): string[] {
  const first = new Map<string, string>();
  return keys.flatMap(({ name }) => {
    const variable = variableOf(name);
    const other = first.get(variable);
    if (other === undefined) first.set(variable, name);
    return other === undefined ? [] : [`${other} and ${name} are both given as ${variable}`];
  });
}
