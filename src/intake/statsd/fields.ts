import type { Draft } from '../../event/event.ts';
import { tagged } from './tags.ts';

/** What stands behind an event or a service check. */
export interface Fields {
  readonly draft: Pick<Draft, 'time' | 'service' | 'host' | 'environment' | 'tags' | 'attributes'>;
  /** Fields of one letter, by it. */
  readonly others: ReadonlyMap<string, string>;
}

/** Reads `|d:1700000000|h:web-1|#env:prod|c:…`; `h:` goes before a tag that says the host. */
export function fieldsOf(text: string): Fields {
  let tags = '';
  const others = new Map<string, string>();
  for (const field of text.split('|')) {
    if (field.startsWith('#')) tags = field.slice(1).trimEnd();
    else if (field[1] === ':') others.set(field.slice(0, 1), field.slice(2).trimEnd());
  }
  const origin = { tags, container: others.get('c') ?? '', external: others.get('e') ?? '' };
  const host = others.get('h') ?? '';
  const seconds = others.get('d') ?? '';
  const time = /^\d{1,12}$/.test(seconds) ? Number(seconds) * 1000 : undefined;
  return {
    draft: {
      ...tagged(origin),
      ...(host !== '' && { host }),
      ...(time !== undefined && { time }),
    },
    others,
  };
}
