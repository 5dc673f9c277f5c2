import { inOrder, sha256Of } from '../artefact/canonical.ts';
import type { ConfigKey } from '../artefact/release.ts';
import { type Fault, topOf } from './read.ts';

/** The keys of a configuration, by name; what is wrong with the file has its place. */
export interface ReadKeys {
  readonly keys: readonly ConfigKey[];
  readonly faults: readonly Fault[];
}

const properties = ['required', 'default', 'secret', 'type', 'description'];
const keyName = /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/;

/**
 * Reads `keys.yaml`: `NAME: {required, default, secret, type, description}`. The value of a
 * secret's default is not kept, only its fingerprint.
 */
export function readKeys(file: string, text: string): ReadKeys {
  const { field, faults } = topOf(file, text);
  if (!field) return { keys: [], faults };
  if (field.exists && !field.isMap)
    field.error('a file of keys holds names: PAGE_SIZE: {default: 20}');
  field.unique();
  const keys = field.entries().map(([name, value]): ConfigKey => {
    if (!keyName.test(name)) value.errorAtName(`"${name}" is no name of a key`);
    value.known(properties);
    const secret = value.get('secret').flag() ?? false;
    const given = value.get('default').plain();
    if (secret && given !== undefined)
      value.get('default').warn(`${name} is a secret, and its default stands in the repository`);
    return {
      name,
      required: value.get('required').flag() ?? false,
      secret,
      default: secret ? null : (given ?? null),
      defaultSha: given === undefined ? null : sha256Of(given),
      type: value.get('type').text() ?? null,
      description: value.get('description').text() ?? null,
    };
  });
  return { keys: keys.toSorted((a, b) => inOrder(a.name, b.name)), faults };
}
