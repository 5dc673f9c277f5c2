import type { Draft } from '../../event/event.ts';
import { fromLabels } from '../labels.ts';

type Tagged = Pick<Draft, 'service' | 'host' | 'environment' | 'tags'> & {
  readonly attributes?: Readonly<Record<string, string>>;
};

/** What DogStatsD says of where a message comes from, as it is written. */
export interface Origin {
  /** After `#`: `env:prod,beta`. */
  readonly tags: string;
  /** After `c:`. */
  readonly container: string;
  /** After `e:`. */
  readonly external: string;
}

/**
 * Tags as fields of an event: `key:value` is a label, a word alone a tag. What comes several times
 * is one label, its values in order with commas between them.
 */
export function tagged({ tags, container, external }: Origin): Tagged {
  const labels = new Map<string, string>();
  const words: string[] = [];
  for (const tag of sortedTags(tags)) {
    const colon = tag.indexOf(':');
    if (colon <= 0) words.push(tag);
    else {
      const name = tag.slice(0, colon);
      const before = labels.get(name);
      const value = tag.slice(colon + 1);
      labels.set(name, before === undefined ? value : `${before},${value}`);
    }
  }
  for (const [name, value] of [...containerOf(container), ...platformOf(external)])
    if (!labels.has(name)) labels.set(name, value);
  return { ...fromLabels(labels), ...(words.length > 0 && { tags: words }) };
}

/** Each once, in an order that does not depend on the sender. */
export function sortedTags(tags: string): readonly string[] {
  if (tags === '') return [];
  return [...new Set(tags.split(','))].filter((tag) => tag !== '').toSorted();
}

/** DogStatsD 1.2: an id, since 1.3 with `ci-` before it, or `in-` and the inode of its cgroup. */
function* containerOf(container: string): Generator<[string, string]> {
  if (container.startsWith('in-')) yield ['container.cgroup.inode', container.slice(3)];
  else if (container !== '')
    yield ['container.id', container.startsWith('ci-') ? container.slice(3) : container];
}

/** `it-false,cn-nginx,pu-<uid>`: name of the container, UID of the pod. */
function* platformOf(external: string): Generator<[string, string]> {
  if (external === '') return;
  for (const part of external.split(',')) {
    if (part.startsWith('cn-')) yield ['k8s.container.name', part.slice(3)];
    else if (part.startsWith('pu-')) yield ['k8s.pod.uid', part.slice(3)];
  }
}
