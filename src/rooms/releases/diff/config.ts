import type { ConfigKey } from '../artefact/release.ts';
import { compareLists } from './compare-lists.ts';
import type { Level } from './level.ts';

/** An environment, and which keys have a value there. Values themselves are not looked at. */
export interface Target {
  readonly environment: string;
  readonly set: ReadonlySet<string>;
}

/** A key of which the default, or whether it is required or secret, is another. */
export interface ChangedKey {
  readonly name: string;
  readonly before: ConfigKey;
  readonly after: ConfigKey;
  readonly changes: readonly ('default' | 'required' | 'secret' | 'type')[];
}

/** Keys of the configuration. */
export interface ConfigPart {
  readonly level: Level;
  readonly added: readonly ConfigKey[];
  readonly removed: readonly ConfigKey[];
  readonly changed: readonly ChangedKey[];
  /** Name of the environment that was looked at; null when no values were given. */
  readonly environment: string | null;
  /** Required, with neither a value there nor a default: a deploy is refused. */
  readonly unset: readonly ConfigKey[];
  /** Those of `unset` and the ones that would fall back on their default, or on nothing. */
  readonly withoutValue: readonly ConfigKey[];
}

/** Compares the keys of a configuration; secrets by fingerprint only. */
export function diffConfig(
  a: readonly ConfigKey[],
  b: readonly ConfigKey[],
  target: Target | undefined,
): ConfigPart {
  const { added, removed, both } = compareLists(a, b, ({ name }) => name);
  const changed = both.flatMap(([before, after]): ChangedKey[] => {
    const changes = [
      ...(before.defaultSha === after.defaultSha ? [] : (['default'] as const)),
      ...(before.required === after.required ? [] : (['required'] as const)),
      ...(before.secret === after.secret ? [] : (['secret'] as const)),
      ...(before.type === after.type ? [] : (['type'] as const)),
    ];
    return changes.length === 0 ? [] : [{ name: after.name, before, after, changes }];
  });
  const withoutValue = target ? b.filter(({ name }) => !target.set.has(name)) : [];
  const unset = withoutValue.filter(({ required, defaultSha }) => required && defaultSha === null);
  const any = added.length + removed.length + changed.length > 0;
  return {
    level: unset.length > 0 ? 'incompatible' : any ? 'config' : 'none',
    added,
    removed,
    changed,
    environment: target?.environment ?? null,
    unset,
    withoutValue,
  };
}
