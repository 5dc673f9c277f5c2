import type { IncomingHttpHeaders } from 'node:http';

/** Steps of one path, and how deep it may lead. */
const maxSteps = 32;

/** Where in a request something stands: `$.build.status`, `$body.items[0].name`, `$headers.x-id`. */
export interface Path {
  /** `item`: the element of `each`, or the body where there is none. */
  readonly root: 'item' | 'body' | 'headers';
  readonly steps: readonly string[];
}

/** What paths lead through. */
export interface Scope {
  readonly item: unknown;
  readonly body: unknown;
  readonly headers: IncomingHttpHeaders;
}

/** What is wrong with a path or template, and at which of its characters, from 0. */
export interface Wrong {
  readonly wrong: string;
  readonly at: number;
}

const step = /\.([^.[\]{}\s'"|]+)|\[(\d{1,6})\]|\[(?:'([^']*)'|"([^"]*)")\]/y;

/** Reads a path that begins with `$`, or, inside a template, with a name. */
export function parsePath(text: string): Path | Wrong {
  const found = /^\$(body|headers)?(?=[.[]|$)/.exec(text);
  if (text.startsWith('$') && found === null)
    return { wrong: 'a path begins with $. (the item), $body. (the whole) or $headers.', at: 0 };
  const root = (found?.[1] ?? 'item') as Path['root']; // one of the two words above
  const rest = found === null ? `.${text}` : text.slice(found[0].length);
  const steps = stepsOf(rest);
  if (typeof steps === 'number')
    return {
      wrong: "a path has names behind points, [0] or ['a name']",
      at: Math.max(0, steps + text.length - rest.length),
    };
  if (steps.length > maxSteps) return { wrong: `a path has at most ${maxSteps} steps`, at: 0 };
  if (root === 'headers' && steps.length !== 1)
    return { wrong: 'headers have one name: $headers.x-request-id', at: 0 };
  return { root, steps };
}

/** The steps, or where there is none. */
function stepsOf(text: string): string[] | number {
  const steps: string[] = [];
  let at = 0;
  while (at < text.length) {
    step.lastIndex = at;
    const next = step.exec(text);
    if (next === null) return at;
    steps.push(next.slice(1).find((name) => name !== undefined) ?? '');
    at = step.lastIndex;
  }
  return steps;
}

/** What stands there; undefined when nothing does. Own properties only. */
export function follow({ root, steps }: Path, scope: Scope): unknown {
  if (root === 'headers') {
    const name = (steps[0] ?? '').toLowerCase();
    return Object.hasOwn(scope.headers, name) ? scope.headers[name] : undefined;
  }
  let here = root === 'body' ? scope.body : scope.item;
  for (const name of steps) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, name)) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[name]; // an own property
  }
  return here;
}
