import type { Draft, Event } from '../../event/event.ts';
import type { EmitDecision } from '../decision.ts';

/** The source of every event that rules make. */
export const rulesSource = 'territory/rules';

/** The attribute in which an event says which rules led to it: `a>b`, the last one made it. */
const pathAttribute = 'rule.path';
/** An event to which so many rules led is given to no further one. */
const longest = 8;

/**
 * The rules whose events a rule has worked with. A rule is never given what it led to itself, over
 * however many others, so nothing runs in a circle.
 */
export class Upstream {
  readonly #rule: string;
  readonly #rules = new Set<string>();
  #asked = '';
  #admitted = true;
  #added = '';

  constructor(rule: string) {
    this.#rule = rule;
  }

  /** Whether the rule may be given an event of this path. */
  admits(path: string): boolean {
    // Events of one path come one after the other.
    if (path !== this.#asked) {
      const rules = path.split('>');
      this.#admitted = rules.length < longest && !rules.includes(this.#rule);
      this.#asked = path;
    }
    return this.#admitted;
  }

  /** The rule has worked with an event of this path. */
  add(path: string): void {
    if (path === this.#added) return;
    this.#added = path;
    for (const rule of path.split('>')) this.#rules.add(rule);
  }

  /** The path of what the rule makes from now on; undefined while no other rule led to it. */
  get path(): string | undefined {
    return this.#rules.size === 0 ? undefined : [...this.#rules, this.#rule].join('>');
  }

  /** Sorted, as plain data. */
  get rules(): readonly string[] {
    return [...this.#rules].toSorted();
  }
}

/** The rules that led to an event; undefined when none did. */
export function pathOf(event: Event): string | undefined {
  return event.attributes?.[pathAttribute];
}

/** A draft with everything that it may leave out. */
type WholeDraft = Draft & Pick<Event, 'id' | 'time' | 'source'>;

/** What a rule emitted, as it goes to the log: with an id of its own and where it comes from. */
export function emittedDraft({ id, at, rule, path, event }: EmitDecision): WholeDraft {
  const attributes = { ...event.attributes, rule, [pathAttribute]: path ?? rule };
  return { ...event, id, time: event.time ?? at, source: rulesSource, attributes };
}
