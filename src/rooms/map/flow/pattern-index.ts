import { isRecord } from '../../../event/json.ts';
import type { Said } from '../../thread/said.ts';
import type { EventPattern } from '../model.ts';
import { holds } from './fields.ts';

interface Wanted {
  readonly on: EventPattern;
  readonly number: number;
}

/** A pattern that a fact fits, and when what it speaks of was. */
export interface Fit {
  readonly number: number;
  /** ms since the epoch, UTC. */
  readonly time: number;
}

/** Other words for what a fact says happened; they are tried beside its own. */
const also: Readonly<Record<string, readonly string[]>> = {
  'commit.created': ['commit.authored'],
  'service.upgraded': ['service.deployed'],
};

/** Other words for what a fact is about. */
const subjects: Readonly<Record<string, string>> = {
  pullrequest: 'change',
  mergerequest: 'change',
  issue: 'ticket',
  issues: 'ticket',
  deploy: 'deployment',
};

/** Finds the patterns that a fact fits, without trying each. */
export class PatternIndex {
  readonly #byName = new Map<string, Wanted[]>();

  /** @param number what the pattern is known by */
  add(on: EventPattern, number: number): void {
    const name = `${on.subject}.${on.predicate}`.toLowerCase();
    this.#byName.set(name, [...(this.#byName.get(name) ?? []), { on, number }]);
  }

  get isEmpty(): boolean {
    return this.#byName.size === 0;
  }

  find(said: Said): Fit[] {
    const fits: Fit[] = [];
    for (const name of namesOf(said))
      for (const { on, number } of this.#byName.get(name) ?? [])
        if (!fits.some((one) => one.number === number) && holds(said, on))
          fits.push({
            number,
            time: name === 'commit.authored' ? authored(said) : said.event.time,
          });
    return fits;
  }
}

function namesOf({ subject, predicate }: Said): readonly string[] {
  const name = `${subject}.${predicate}`;
  const other = Object.hasOwn(subjects, subject) ? subjects[subject] : undefined;
  const more = Object.hasOwn(also, name) ? (also[name] ?? []) : [];
  return [
    name,
    ...more,
    ...(other === undefined ? [] : [`${other}.${predicate}`, `${other}.*`]),
    `${subject}.*`,
    `*.${predicate}`,
    '*.*',
  ];
}

/** When a commit was written: rebasing leaves that as it was, and makes the commit new. */
function authored({ event, data }: Said): number {
  const author = isRecord(data['author']) ? data['author']['time'] : undefined;
  const time = typeof author === 'string' ? Date.parse(author) : NaN;
  return Number.isFinite(time) && time <= event.time ? time : event.time;
}
