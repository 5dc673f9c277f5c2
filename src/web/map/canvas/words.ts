import type { HealthWord, MapHealth } from '../../../server/api/contract-map.ts';
import { stateWords, worstOf } from '../table/words.ts';

type TitleOf = (id: string) => string;
type Counts = Readonly<Record<HealthWord, number>>;

/** The way to the cause as it is read: `← api ← db`; empty when it is seen by itself or nothing is wrong. */
export const wayText = (health: MapHealth, titleOf: TitleOf): string =>
  health.because
    .slice(1)
    .map((id) => `← ${titleOf(id)}`)
    .join(' ');

/** Why it is as it is, short: the way to the cause, or what is seen of it; empty when nothing is wrong. */
export function reasonText(health: MapHealth, titleOf: TitleOf): string {
  if (health.because.length > 1) return wayText(health, titleOf);
  if (health.because.length === 0) return '';
  const seen = health.evidence.find(({ state, stale }) => !stale && state !== 'ok');
  return seen ? seen.text || seen.name : '';
}

/** As it is said to those who do not see it: `down because of api, because of db`. */
export function spokenText(health: MapHealth, titleOf: TitleOf): string {
  const causes = health.because.slice(1).map((id) => `because of ${titleOf(id)}`);
  return [stateWords[health.shown], ...causes].join(', ').replace(', because', ' because');
}

/** How the worst of several is; not to know is worse than ok. */
export const worstCounted = (counts: Counts): HealthWord =>
  worstOf((Object.keys(counts) as HealthWord[]).filter((state) => counts[state] > 0)) ??
  'no-evidence';

/** `3 down of 12`, `12 ok`; short: `3/12 down`. */
export function countsText(counts: Counts, isShort = false): string {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const worst = worstCounted(counts);
  const count = counts[worst];
  if (count === all) return `${all} ${stateWords[worst]}`;
  return isShort
    ? `${count}/${all} ${stateWords[worst]}`
    : `${count} ${stateWords[worst]} of ${all}`;
}
