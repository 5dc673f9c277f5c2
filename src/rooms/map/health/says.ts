import { alertsBy, parseRange, type Range } from '../../../event/range.ts';
import { healthStates, type HealthState, type Signal } from '../health.ts';
import type { Limit } from '../model.ts';
import { agingPiece, lifeOf, numberText, type Piece, pieceOf, spanText } from './piece.ts';
import { meaningOf } from './words.ts';

/** What is looked at when signals are read. */
export interface Reading {
  /** ms since the epoch. */
  readonly now: number;
  readonly limits: readonly Limit[];
  readonly freshFor: number | undefined;
}

/** What a signal says of what it is about; nothing for an alert that is over. */
export function piecesOf(signal: Signal, reading: Reading): readonly Piece[] {
  switch (signal.kind) {
    case 'check':
      return [check(signal, reading)];
    case 'heartbeat':
      return [heartbeat(signal, reading)];
    case 'metric':
      return reading.limits
        .filter(({ metric }) => metric === signal.name)
        .map((limit) => metric(signal, limit, reading));
    case 'alert':
      return alert(signal);
    case 'sli':
      return [sli(signal, reading)];
  }
}

const name = (signal: Signal): string => signal.name ?? signal.kind;

/** `: ` and what was said, where there is something. */
const behind = (text: string | undefined): string =>
  text === undefined || text.trim() === '' ? '' : `: ${text.trim()}`;

function check(signal: Signal, { now, freshFor }: Reading): Piece {
  const { state, metric: value, text } = signal;
  const meaning = meaningOf(state);
  const number = value === undefined ? '' : ` (${numberText(value)})`;
  const says =
    state === undefined
      ? `${name(signal)} says nothing of its state`
      : `${name(signal)} is ${state}`;
  const life = lifeOf(signal, freshFor);
  return agingPiece(signal, { state: meaning, text: says + number + behind(text) }, { now, life });
}

/**
 * A heartbeat is good while the next one is not overdue, and from then on it is down: however long
 * ago, because a dead man does not become unknown.
 */
function heartbeat(signal: Signal, { now, freshFor }: Reading): Piece {
  const { state, text } = signal;
  const life = lifeOf(signal, freshFor);
  const until = signal.time + life;
  if (now >= until)
    return pieceOf(signal, { state: 'down', text: `no heartbeat for more than ${spanText(life)}` });
  const said = meaningOf(state);
  const bad = said !== 'ok' && said !== 'no-evidence';
  const every = `one is due every ${spanText(life)}`;
  return pieceOf(signal, {
    state: bad ? said : 'ok',
    text: bad ? `the heartbeat says ${state ?? ''}${behind(text)}` : `heartbeat came, ${every}`,
    until,
  });
}

function metric(signal: Signal, limit: Limit, { now, freshFor }: Reading): Piece {
  const { metric: value } = signal;
  const life = lifeOf(signal, freshFor);
  if (value === undefined)
    return pieceOf(signal, {
      state: 'no-evidence',
      text: `${name(signal)} is not reported any more`,
    });
  return agingPiece(signal, judged(signal, value, limit), { now, life });
}

function judged(signal: Signal, value: number, { warning, critical }: Limit) {
  const unit = signal.attributes?.['unit'];
  const is = `${name(signal)} is ${numberText(value)}${unitText(unit)}`;
  const [warns, fails] = [rangeOf(warning), rangeOf(critical)];
  if (fails && alertsBy(fails, value))
    return { state: 'down' as const, text: `${is}, ${limitText(fails, 'critical limit')}` };
  if (warns && alertsBy(warns, value))
    return { state: 'degraded' as const, text: `${is}, ${limitText(warns, 'limit')}` };
  const least = warns ?? fails;
  if (!least)
    return { state: 'no-evidence' as const, text: `${is}, and its limit is no range of numbers` };
  return { state: 'ok' as const, text: `${is}, ${limitText(least, 'limit')}` };
}

const rangeOf = (text: string | undefined): Range | undefined =>
  text === undefined ? undefined : parseRange(text.trim());

function limitText({ start, end, inside }: Range, what: string): string {
  const not = inside ? 'not ' : '';
  if (start === -Infinity) return `${what} ${not}${end}`;
  if (end === Infinity) return `${what} ${not}at least ${start}`;
  return start === 0 && !inside ? `${what} ${end}` : `${what} ${not}${start} to ${end}`;
}

/** UCUM's `1` is no unit to people, and `%` stands close. */
function unitText(unit: string | undefined): string {
  if (unit === undefined || unit === '' || unit === '1' || unit.startsWith('{')) return '';
  return unit === '%' ? '%' : ` ${unit}`;
}

/** An open alert speaks until it is resolved. One of unknown severity is listed and does not count. */
function alert(signal: Signal): readonly Piece[] {
  const { state = 'unknown', text } = signal;
  if (state === 'resolved' || state === 'ok') return [];
  const meaning = meaningOf(state);
  const counted: HealthState = meaning === 'ok' ? 'no-evidence' : meaning;
  return [
    pieceOf(signal, { state: counted, text: `alert ${name(signal)} is ${state}${behind(text)}` }),
  ];
}

/** What the watch of a process' measure found: its word is a state already. */
function sli(signal: Signal, { now, freshFor }: Reading): Piece {
  const state = healthStates.find((one) => one === signal.state) ?? 'no-evidence';
  const life = lifeOf(signal, freshFor);
  return agingPiece(
    signal,
    { state, text: signal.text ?? `${name(signal)} is ${state}` },
    { now, life },
  );
}
