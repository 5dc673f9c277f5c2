import { nearest } from './nearest.ts';

/** The tags there are, as people write them, and what each says. */
export const knownTags = [
  ['@page', 'a failure wakes somebody'],
  ['@ticket', 'a failure becomes a ticket, as it does without any of these three'],
  ['@note', 'a failure is noted'],
  ['@warning', 'a failure is a warning'],
  ['@every(30s)', 'how often it is run'],
  ['@env(production)', 'the environments that it is for, with commas between them'],
  ['@app(shop)', 'the application that it is about'],
  ['@gate', 'a release has to pass it'],
  ['@browser', 'it needs a browser'],
  ['@third-party', 'it depends on somebody else: never in the way of a deploy'],
  ['@dependsOn(dns)', 'another check that it needs'],
] as const;

const withValue = /^(@[\w-]+)\(([^)]+)\)$/;
const plain = new Set(
  knownTags.map(([tag]) => tag).filter((tag) => !tag.includes('(')) as string[],
);
const valued = new Set(
  knownTags.flatMap(([tag]) => {
    const name = withValue.exec(tag)?.[1];
    return name === undefined ? [] : [name];
  }),
);

/** What is wrong with a tag; undefined where it is known. */
export function faultOfTag(tag: string): string | undefined {
  const [, name = ''] = withValue.exec(tag) ?? [];
  if (plain.has(tag) || valued.has(name)) return undefined;
  if (valued.has(tag)) return `${tag} needs a value: ${exampleOf(tag)}`;
  if (plain.has(name)) return `${name} takes no value`;
  const near = nearest(name || tag, [...plain, ...valued]);
  return `${tag} is no tag that means something${near === undefined ? '' : `; did you mean ${exampleOf(near)}?`}`;
}

const exampleOf = (name: string): string =>
  knownTags.find(([tag]) => tag === name || tag.startsWith(`${name}(`))?.[0] ?? name;

/** The values of a tag, `production` and `staging` of `@env(production,staging)`. */
export function valuesOfTag(tags: readonly { readonly name: string }[], name: string): string[] {
  return tags.flatMap((tag) => {
    const [, found, value = ''] = withValue.exec(tag.name) ?? [];
    return found === name ? value.split(',').map((one) => one.trim()) : [];
  });
}

/** The tag that says this value; undefined: none does. */
export function tagSaying<T extends { readonly name: string }>(
  tags: readonly T[],
  name: string,
  value: string,
): T | undefined {
  return tags.find((tag) => valuesOfTag([tag], name).includes(value));
}

export const hasTag = (tags: readonly { readonly name: string }[], name: string): boolean =>
  tags.some((tag) => tag.name === name);
