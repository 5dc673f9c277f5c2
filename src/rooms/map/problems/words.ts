import { spanText } from '../health/piece.ts';
import type { MapModel } from '../model.ts';
import type { MapProblem, Seen } from '../seen.ts';

export type ProblemEvidence = MapProblem['evidence'][number];

/** `1,204` */
export function countText(count: number): string {
  return String(Math.floor(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1,204 events`, `1 event` */
export function countedText(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `3 d ago`, from ms to ms since the epoch; what lies ahead is now. */
export function agoText(time: number, now: number): string {
  return now - time < 1_000 ? 'just now' : `${spanText(now - time)} ago`;
}

/** `a, b and 3 others` */
export function listText(texts: readonly string[], most = 3): string {
  const shown = texts.slice(0, most);
  const rest = texts.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${countedText(rest, 'other')}`;
  return shown.length < 2
    ? shown.join('')
    : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
}

/** What a node or process is called in messages: its id, as it stands in map.yaml. */
export function calledText(key: string, model: MapModel): string {
  const process = key.startsWith('process:') ? key.slice('process:'.length) : undefined;
  return process !== undefined && model.processes.has(process) ? `process ${process}` : key;
}

/** One combination of names as evidence. */
export function seenEvidence(seen: Seen): ProblemEvidence {
  const { stream, offset, last, type, source, check, count } = seen;
  const what = check === undefined ? type : `check ${check}`;
  const where = [seen.service, seen.host, seen.environment].filter((name) => name !== undefined);
  const about = where.length === 0 ? '' : ` of ${where.join(', ')}`;
  const text = `${what}${about} from ${source}, ${countedText(count, 'time')}`;
  return { stream, offset, time: last, text };
}
