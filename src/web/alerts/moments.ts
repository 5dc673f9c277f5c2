import type { PlacedEvent } from '../../server/api/contract.ts';
import { formatIn, unitOf } from '../kit/units.ts';
import { typeInWords } from '../stream/search.ts';

/** One thing that happened to an alert. */
export interface Moment {
  readonly event: PlacedEvent;
  readonly words: string;
  readonly note: string | undefined;
  readonly look: 'bad' | 'good' | 'person' | 'plain';
}

/** What a fact about an alert says, in words. */
export function momentOf(event: PlacedEvent): Moment {
  const said = saidIn(event);
  const [, happening = ''] = typeInWords(event.type).split(' ');
  const [words, look] = wordsOf(happening, said);
  return { event, words, look, note: noteOf(happening, said) };
}

interface Said {
  readonly title: string | undefined;
  readonly condition: string;
  readonly flapping: boolean;
  readonly by: string | undefined;
  readonly note: string | undefined;
  readonly value: string | undefined;
}

function saidIn({ data, state }: PlacedEvent): Said {
  const fields = new Map(typeof data === 'object' && data !== null ? Object.entries(data) : []);
  const text = (name: string): string | undefined => {
    const value: unknown = fields.get(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const value: unknown = fields.get('value');
  return {
    title: text('title'),
    condition: text('condition') ?? state ?? 'unknown',
    flapping: fields.get('flapping') === true,
    by: text('by'),
    note: text('note'),
    value: typeof value === 'number' ? formatIn(unitOf(text('name'), ''), value) : undefined,
  };
}

function wordsOf(happening: string, said: Said): readonly [string, Moment['look']] {
  const { condition, flapping, by = 'somebody' } = said;
  if (happening === 'acknowledged') return [`Acknowledged by ${by}`, 'person'];
  if (happening === 'unacknowledged') return [`Given back by ${by}`, 'person'];
  if (happening === 'resolved')
    return said.by === undefined ? ['Over', 'good'] : [`Ended by ${by}`, 'person'];
  if (happening === 'opened') return [`Opened, ${condition}`, 'bad'];
  if (flapping) return [`Flapping, now ${condition}`, 'plain'];
  return condition === 'ok' ? ['Condition over', 'good'] : [`Still ${condition}`, 'plain'];
}

function noteOf(happening: string, { title, value, note }: Said): string | undefined {
  if (happening === 'acknowledged' || happening === 'unacknowledged') return note;
  const parts = [title, value, note].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(' · ');
}
