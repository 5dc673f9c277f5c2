import type { Check, CheckStanding } from '../../server/api/contract-checks.ts';
import type { Unit } from '../kit/units.ts';

export type Shown = CheckStanding['shown'];

/** The worst first; what is not known is worse than a warning, and nothing at all is not good. */
const order: readonly Shown[] = ['critical', 'unknown', 'warning', 'pending', 'ok'];

/** Less is worse. */
export const urgency = (state: Shown): number => order.indexOf(state);

/** The checks of one application in one environment. */
export interface Lane {
  readonly key: string;
  readonly application: string | null;
  readonly environment: string;
  readonly checks: readonly Check[];
}

/** By application and environment, the lanes with trouble first and in each the checks with trouble. */
export function lanesOf(checks: readonly Check[]): readonly Lane[] {
  const lanes = new Map<string, Lane & { checks: Check[] }>();
  for (const check of checks) {
    const { application, environment } = check;
    const key = JSON.stringify([application, environment]);
    const lane = lanes.get(key) ?? { key, application, environment, checks: [] };
    lane.checks.push(check);
    lanes.set(key, lane);
  }
  const sorted = [...lanes.values()].map((lane) => ({
    ...lane,
    checks: lane.checks.toSorted(
      (a, b) => troubleOf(a) - troubleOf(b) || a.name.localeCompare(b.name),
    ),
  }));
  const worst = ({ checks: [first] }: Lane): number => (first ? troubleOf(first) : Infinity);
  const name = ({ application, environment }: Lane): string =>
    `${application ?? '\u{10FFFF}'} ${environment}`;
  return sorted.toSorted((a, b) => worst(a) - worst(b) || name(a).localeCompare(name(b)));
}

/** What nobody is told of comes behind the rest of its state, and what may pass behind what has set. */
const troubleOf = ({ standing, quarantine }: Check): number => {
  const { shown, kind, suppressedBy } = standing;
  const isHeld = quarantine !== null || suppressedBy !== null;
  return urgency(shown) * 4 + (isHeld ? 2 : 0) + (kind === 'soft' ? 1 : 0);
};

/** What people must look at. */
export const isTrouble = ({ standing: { shown, flapping } }: Check): boolean =>
  flapping || (shown !== 'ok' && shown !== 'pending');

/** Those in which every word of the filter stands somewhere. */
export function fitting(checks: readonly Check[], filter: string): readonly Check[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return checks;
  return checks.filter((check) => {
    const said = textOf(check);
    return words.every((word) => said.includes(word));
  });
}

const textOf = (check: Check): string =>
  [
    check.id,
    check.name,
    check.application ?? '',
    check.environment,
    check.file,
    check.route,
    ...check.tags,
    ...check.dependsOn,
    stateWord(check.standing),
    check.standing.summary ?? '',
    ...signsOf(check).map(({ word }) => word),
  ]
    .join('\n')
    .toLowerCase();

/** `12 ok, 1 critical`, the worst first. */
export function countsOf(states: readonly Shown[]): string {
  return order
    .map((state) => [states.filter((one) => one === state).length, state] as const)
    .filter(([count]) => count > 0)
    .map(([count, state]) => `${count} ${state === 'pending' ? 'without a result' : state}`)
    .join(', ');
}

/** The state in words: `critical`, `critical, 2 of 3`, `no result yet`. */
export function stateWord(of: CheckStanding): string {
  const { shown, kind, attempt, maxAttempts } = of;
  if (shown === 'pending') return 'no result yet';
  if (kind === 'hard' || shown === 'ok' || attempt === 0) return shown;
  return `${shown}, ${attempt} of ${maxAttempts}`;
}

export interface Sign {
  readonly word: string;
  readonly means: string;
}

/** What is to be known of a check beside its state. */
export function signsOf({ standing, quarantine }: Check): readonly Sign[] {
  const { flapping, flapPercent, stale, suppressedBy, inGrace } = standing;
  const signs: Sign[] = [];
  if (stale) signs.push({ word: 'stale', means: 'No result came in three intervals' });
  if (flapping)
    signs.push({
      word: `flapping, ${Math.round(flapPercent)} %`,
      means: 'It changes so often that one alert stands for all changes',
    });
  if (suppressedBy !== null)
    signs.push({ word: 'held', means: `${suppressedBy}, which it needs, is down: no alert` });
  if (inGrace)
    signs.push({ word: 'grace', means: 'After a deploy or a first start failures do not count' });
  if (quarantine) signs.push({ word: 'quarantined', means: quarantine.reason });
  return signs;
}

const units: Readonly<Record<string, Unit>> = { s: 'seconds', B: 'bytes', '%': 'percent' };

/** The unit of performance data, for charts. */
export const unitOfValue = (unit: string): Unit => units[unit] ?? 'number';
