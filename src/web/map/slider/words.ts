import type { TimelineAnswer } from '../../../server/api/contract-map-detail.ts';
import { formatAge, formatTime, zoneName } from '../../kit/format.ts';
import type { Zone } from '../../kit/preferences.ts';
import { stateWords } from '../table/words.ts';
import { toldOf } from './moments.ts';
import { unrecorded } from './strip-shapes.ts';

type Change = TimelineAnswer['changes'][number];

/** How things are called: by id. */
export type TitleOf = (id: string) => string;

/** `Checkout: at risk → down`. */
export const changeText = ({ id, from, to }: Change, titleOf: TitleOf): string =>
  `${titleOf(id)}: ${stateWords[from]} → ${stateWords[to]}`;

/** Why it became so: the way to the cause without what changed itself (`api ← orders-db`), or what ended. */
export function becauseOf({ id, because, to }: Change, titleOf: TitleOf): string {
  const way = because[0] === id ? because.slice(1) : because;
  if (way.length > 0) return way.map(titleOf).join(' ← ');
  if (to === 'ok') return 'nothing is wrong any more';
  return to === 'no-evidence' ? 'nothing is known any more' : 'what was seen of it';
}

/** Whether nothing was recorded at a time. */
export const isUnrecorded = (timeline: TimelineAnswer, at: number): boolean =>
  unrecorded(timeline).some((gap) => at >= gap.from && at < gap.to);

/** A time on the slider, in words: when, how long ago, and what changed last. */
export function valueText(asked: {
  readonly at: number | undefined;
  readonly timeline: TimelineAnswer;
  readonly zone: Zone;
  readonly now: number;
  readonly titleOf: TitleOf;
}): string {
  const { at, timeline, zone, now, titleOf } = asked;
  if (at === undefined) return 'now, live';
  const when = `${formatTime(at, zone)} ${zoneName(zone)}, ${formatAge(at, now)}`;
  if (isUnrecorded(timeline, at)) return `${when}, not recorded`;
  const last = toldOf(timeline).findLast(({ time }) => time <= at);
  return last ? `${when}; last change: ${changeText(last, titleOf)}` : when;
}
