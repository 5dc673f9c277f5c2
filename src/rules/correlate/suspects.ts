import type { Suspect } from '../decision.ts';
import type { Change } from './change.ts';
import { fieldName } from './labels.ts';

/** What is looked into: when it began, and what it is about. */
export interface Trouble {
  /** When the condition began to hold, ms: what came later than `late` allows is not why. */
  readonly since: number;
  /** By the names of fields: `service`, `environment`, `host`, … */
  readonly labels: Readonly<Record<string, string>>;
}

/** What is suspected, and how far back. */
export interface SuspectsSettings {
  /** ms */
  readonly before: number;
  /** How much later than the condition began a change may be told of, ms; 0 when left out. */
  readonly late?: number;
  /** A change that names one of these must name the same as the trouble. */
  readonly on: readonly string[];
  /** Services that the trouble's service relies on: their changes are suspects too. */
  readonly upstream?: readonly string[];
}

/** At most so many suspects are named. */
export const mostSuspects = 8;

const minute = 60_000;
/** What the three grounds weigh; the first halves with every third of the time looked back. */
const weights = { closeness: 0.5, labels: 0.35, blast: 0.15 };
/** An upstream service is as good as a half of the same one. */
const upstreamShare = 0.5;

/**
 * The changes that came before a trouble and may be why, most suspicious first: how close in time,
 * how many labels they share, how much they touch. Cheap and always given; whether a change moved
 * a metric is for `moved` to say. A change that names another service or environment is none; one
 * that names none (a merge, a flag) is, with less weight.
 */
export function suspects(
  trouble: Trouble,
  changes: readonly Change[],
  settings: SuspectsSettings,
): Suspect[] {
  const { before, late = 0 } = settings;
  return changes
    .filter(({ time }) => time <= trouble.since + late && time >= trouble.since - before)
    .flatMap((change) => suspectOf(change, trouble, settings) ?? [])
    .sort((a, b) => b.score - a.score || b.time - a.time || (a.id < b.id ? -1 : 1))
    .slice(0, mostSuspects);
}

function suspectOf(
  change: Change,
  trouble: Trouble,
  settings: SuspectsSettings,
): Suspect | undefined {
  const shared = sharedOf(change, trouble, settings);
  if (!shared) return undefined;
  const ago = trouble.since - change.time;
  const score =
    weights.closeness * 2 ** (-3 * (Math.abs(ago) / settings.before)) +
    weights.labels * shared.share +
    weights.blast * change.blast;
  const { source, id, type, time, what } = change;
  return {
    source,
    id,
    type,
    time,
    what,
    score: Math.round(score * 1_000) / 1_000,
    because: [whenText(ago), ...shared.because, ...blastText(change)],
  };
}

/** Undefined when the change is about something else. */
function sharedOf(
  change: Change,
  trouble: Trouble,
  { on, upstream = [] }: SuspectsSettings,
): { readonly share: number; readonly because: readonly string[] } | undefined {
  const because: string[] = [];
  let share = 0;
  for (const name of on) {
    const field = fieldName(name);
    const [theirs, ours] = [change.labels[field], trouble.labels[field]];
    if (theirs === undefined || ours === undefined) continue;
    if (theirs === ours) {
      share += 1;
      because.push(`same ${field}`);
    } else if (field === 'service' && upstream.includes(theirs)) {
      share += upstreamShare;
      because.push(`${ours} relies on ${theirs}`);
    } else return undefined;
  }
  return { share: on.length === 0 ? 0 : share / on.length, because };
}

function whenText(ago: number): string {
  return ago >= 0 ? `${agoText(ago)} before` : `told ${agoText(-ago)} after it began`;
}

function agoText(ms: number): string {
  if (ms < minute) return `${Math.round(ms / 1_000)} s`;
  return ms < 100 * minute ? `${Math.round(ms / minute)} min` : `${Math.round(ms / minute / 60)} h`;
}

function blastText({ blast, labels }: Change): string[] {
  if (blast >= 1)
    return [
      labels['environment'] === undefined ? 'touches everything' : 'touches a whole environment',
    ];
  return blast === 0 ? [`one host, ${labels['host'] ?? ''}`] : [];
}
