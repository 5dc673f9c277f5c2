import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ended, moment, streamOf } from './flow.suite.ts';
import { type FlowingItem, readItem } from './item.ts';
import { marksOf } from './marks.ts';
import { summarise } from './summary.ts';

/** Moves of ten cards with what they come to, from the project's vectors (test/vectors/NOTICE). */
interface Vector {
  readonly columns: readonly string[];
  readonly moves: readonly (readonly [card: string, column: string, time: string])[];
  readonly expected: {
    readonly cards: Readonly<
      Record<
        string,
        {
          readonly started: string | null;
          readonly finished: string | null;
          readonly cycle_hours: number | null;
          readonly hours_in_column: Readonly<Record<string, number>>;
        }
      >
    >;
    readonly daily: readonly { readonly day: string; readonly wip: number }[];
  };
}
const vector = JSON.parse(
  readFileSync(new URL('../../../../test/vectors/flow.json', import.meta.url), 'utf8'),
) as Vector;
const hour = 3_600_000;
/** With or without an offset. */
const timeOf = (text: string): number => Date.parse(text.length > 16 ? text : `${text}Z`);

/** A stage for each column but the last: left when the card moves to the next. */
const whole = streamOf('card', [
  { id: 'ready', enter: 'card.moved[to=Ready]', exit: 'card.moved[to=Dev]' },
  { id: 'dev', exit: 'card.moved[to=Review]' },
  { id: 'review', exit: 'card.moved[to=Done]' },
]);
/** From the first entry to Dev on, as the vectors count what is started. */
const started = streamOf('card', [
  { id: 'dev', enter: 'card.moved[to=Dev]', exit: 'card.moved[to=Review]' },
  { id: 'review', exit: 'card.moved[to=Done]' },
]);

function itemOf(
  stream: typeof whole,
  card: string,
  until = '2026-03-13T17:00',
): FlowingItem | undefined {
  const marks = marksOf(stream);
  const moments = vector.moves
    .filter(([of, , time]) => of === card && time <= until)
    .flatMap(([, column, time]) =>
      marks.marks.flatMap(({ on }, mark) =>
        on?.where[0]?.values[0] === column && on.where[0].field === 'to'
          ? [moment(timeOf(time), mark)]
          : [],
      ),
    );
  return readItem(marks, moments, timeOf(until))[0];
}

const hoursIn = (item: FlowingItem | undefined): number[] =>
  (item?.parts ?? []).map(({ enter, exit }) => (exit === undefined ? NaN : (exit - enter) / hour));

describe('cards', () => {
  test.each(['K1', 'K2', 'K4', 'K5'])(
    '%s went straight: a stage takes the time in its column',
    (card) => {
      const { hours_in_column } = vector.expected.cards[card] ?? {};
      expect(hoursIn(itemOf(whole, card))).toEqual(
        ['Ready', 'Dev', 'Review'].map((column) => hours_in_column?.[column]),
      );
    },
  );

  test.each(Object.entries(vector.expected.cards))(
    '%s: start, end and the sum are as counted by hand, whichever way it went',
    (card, expected) => {
      const item = itemOf(started, card);
      const time = (text: string | null) => (text === null ? undefined : timeOf(text));
      expect(item?.start).toBe(time(expected.started));
      expect(item?.end).toBe(time(expected.finished));
      const sum = hoursIn(item).reduce((a, b) => a + b, 0);
      expect(item?.end === undefined ? null : sum).toBe(expected.cycle_hours);
    },
  );

  // The vectors count the hours that a card stood in a column. Here a stage is left for good when the
  // card is (B3 of the design: the last exit), so that the detour is the time of the stage that it went
  // back to, and shown as rework from the move back on.
  test.each([
    // Dev 72 h, Review 7 h, back to Dev 66 h, Review 26 h: Review's first 7 h are Dev's.
    { card: 'K3', hours: [25, 138 + 7, 33 - 7], rework: [0, 66, 0], returns: [0, 1, 0] },
    // Dev 4.5 h, back to Ready 22 h: Dev's first hours are Ready's.
    { card: 'K6', hours: [144.5 + 4.5, 25.5 - 4.5, 24], rework: [22, 0, 0], returns: [1, 0, 0] },
    // Done for 15 h, then back to Review: it was not done.
    { card: 'K7', hours: [124.5, 47.5, 12 + 15], rework: [0, 0, 6], returns: [0, 0, 1] },
  ])('$card came back: the detour is the time of the stage that it came back to', (expected) => {
    const item = itemOf(whole, expected.card);
    expect(hoursIn(item)).toEqual(expected.hours);
    expect(item?.parts.map(({ rework }) => rework / hour)).toEqual(expected.rework);
    expect(item?.parts.map(({ returns }) => returns)).toEqual(expected.returns);
    const { hours_in_column } = vector.expected.cards[expected.card] ?? {};
    const inColumns = Object.values(hours_in_column ?? {}).reduce((a, b) => a + b, 0);
    expect(hoursIn(item).reduce((a, b) => a + b, 0)).toBe(inColumns);
  });

  test.each(vector.expected.daily)('at the end of $day, $wip are under way', ({ day, wip }) => {
    const end = `${day}T23:59`;
    const cards = [...new Set(vector.moves.map(([card]) => card))];
    const work = cards.flatMap((card) => {
      const item = itemOf(started, card, end);
      return item ? [{ item, kind: 'unknown' as const }] : [];
    });
    const window = { from: timeOf('2026-03-02T00:00'), to: timeOf(end) };
    expect(ended(summarise(started, marksOf(started), work, window)).flow.load).toBe(wip);
  });
});
