import { type Chance, chanceOf } from './chance.ts';

/** One thing that a visitor does. `nth` is which of the clips on the page before, from 0. */
export type Action =
  | { readonly kind: 'home' }
  | { readonly kind: 'search'; readonly query: string }
  | { readonly kind: 'look'; readonly nth: number }
  | { readonly kind: 'sign-up'; readonly name: string; readonly email: string }
  | { readonly kind: 'order'; readonly offer: 'licence' | 'print'; readonly email: string }
  | {
      readonly kind: 'write';
      readonly email: string;
      readonly subject: string;
      readonly text: string;
    };

export type AgentName = 'chrome' | 'firefox' | 'safari' | 'edge';

/** One visitor, from the first page to the last. */
export interface Visit {
  /** From 1. */
  readonly number: number;
  /** When it begins, s from the beginning of the company, at speed 1. */
  readonly at: number;
  readonly agent: AgentName;
  readonly actions: readonly {
    /** s after the answer before: people read. */
    readonly after: number;
    readonly action: Action;
  }[];
}

/** Visits in a second, at speed 1: with what they do, five requests. */
const perSecond = 1.7;

/** What people look for; some of it nobody has. */
const found = [
  'sea',
  'city',
  'weather',
  'animals',
  'harbour',
  'snow',
  'market',
  'horses',
  'rain',
] as const;
const notFound = ['unicorn', 'moon landing', 'tax return', 'sea monster', 'my cousin'] as const;
const agents = [
  'chrome',
  'chrome',
  'chrome',
  'chrome',
  'firefox',
  'firefox',
  'safari',
  'safari',
  'edge',
] as const;
const names = [
  'Noor',
  'Emil',
  'Lucía',
  'Kofi',
  'Mei',
  'Oskar',
  'Zofia',
  'Idris',
  'Anouk',
  'Tariq',
] as const;
const letters = [
  ['Where is my print?', 'I ordered a print last week and it is not here yet. When does it come?'],
  ['A clip for a school', 'May we show a clip in class, and do we need a licence for it?'],
  ['Invoice', 'Could you send the invoice to our office? The address is the same.'],
  ['I can not order', 'The page says that it does not work. Is it me or is it you?'],
  ['It is slow today', 'Searching takes for ever today. It was quick yesterday.'],
] as const;

/** Visitors without end: the same for the same seed. */
export function* visits(seed: number): Generator<Visit, never> {
  const chance = chanceOf(seed, 'visitors');
  let at = 0;
  for (let number = 1; ; number += 1) {
    at += chance.gap(perSecond);
    yield { number, at, agent: chance.one(agents), actions: actionsOf(chance, number) };
  }
}

function actionsOf(chance: Chance, number: number): Visit['actions'] {
  const email = `visitor${number}@example.org`;
  const all = [...looking(chance), ...buying(chance, email)];
  if (chance.happens(0.015)) {
    const [subject, text] = chance.one(letters);
    all.push({ kind: 'write', email, subject, text });
  }
  return all.map((action, i) => ({ after: i === 0 ? 0 : 0.5 + chance.part() * 3, action }));
}

function looking(chance: Chance): Action[] {
  const first: Action = chance.happens(0.5) ? { kind: 'home' } : search(chance);
  const all = [first];
  if (first.kind === 'home' && chance.happens(0.7)) all.push(search(chance));
  if (chance.happens(0.25)) all.push(search(chance));
  return all;
}

/** Half of those who look at a clip go away again. */
function buying(chance: Chance, email: string): Action[] {
  if (!chance.happens(0.6)) return [];
  const all: Action[] = [{ kind: 'look', nth: chance.whole(0, 7) }];
  if (chance.happens(0.15)) all.push({ kind: 'sign-up', name: chance.one(names), email });
  if (chance.happens(0.45))
    all.push({ kind: 'order', offer: chance.happens(0.7) ? 'licence' : 'print', email });
  return all;
}

const search = (chance: Chance): Action => ({
  kind: 'search',
  query: chance.happens(0.12) ? chance.one(notFound) : chance.one(found),
});
