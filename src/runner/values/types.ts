import type { ConfigKey } from '../../rooms/releases/artefact/release.ts';

/** What a value of a type must look like; any other type is a word for people. */
const shapes: readonly (readonly [types: readonly string[], is: (value: string) => boolean])[] = [
  [['number', 'float'], (value) => value.trim() !== '' && Number.isFinite(Number(value))],
  [['integer', 'int'], (value) => /^[+-]?\d+$/.test(value)],
  [['port'], (value) => /^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 65_535],
  [['boolean', 'bool'], (value) => /^(true|false|yes|no|on|off|1|0)$/i.test(value)],
  [['url', 'uri'], (value) => URL.canParse(value)],
  [['json'], isJson],
  [['duration'], (value) => /^\d+\s*(ms|s|m|h|d)$/.test(value)],
];

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

/** Why a value is not of the type of its key; without the value, which may be a secret. */
export function faultOf({
  name,
  type,
  required,
  value,
}: Pick<ConfigKey, 'name' | 'type' | 'required'> & { readonly value: string }): string[] {
  if (required && value === '') return [`${name} is required and empty`];
  if (value.includes('\0')) return [`${name} has a character 0, which no variable can hold`];
  const is = shapes.find(([types]) => types.includes(type?.toLowerCase() ?? ''))?.[1];
  return is === undefined || value === '' || is(value) ? [] : [`${name} is no ${type}`];
}
