import type { HealthWord, MapHealth, MapNodeView } from '../../../server/api/contract-map.ts';
import { formatDuration } from '../../kit/format.ts';
import type { MapIndex, Need } from './map-index.ts';

/** The states as people read them, from good to bad, and that nothing is known. */
export const stateWords: Readonly<Record<HealthWord, string>> = {
  ok: 'ok',
  'at-risk': 'at risk',
  degraded: 'degraded',
  down: 'down',
  'no-evidence': 'no evidence',
};

export const quadrantWords: Readonly<Record<MapNodeView['quadrant'], string>> = {
  development: 'Development',
  pipeline: 'Delivery pipeline',
  production: 'Production',
  support: 'User issues and support',
};

const gravity: readonly HealthWord[] = ['down', 'degraded', 'at-risk', 'no-evidence', 'ok'];

/** The worst of several states; undefined of none. Not to know is worse than ok, and better than bad. */
export const worstOf = (states: readonly HealthWord[]): HealthWord | undefined =>
  gravity.find((state) => states.includes(state));

/** How many are how, the worst first: `1 down, 2 no evidence, 4 ok`. */
export function countedStates(states: readonly HealthWord[]): string {
  return gravity
    .map((state) => [states.filter((one) => one === state).length, stateWords[state]] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ');
}

/** Why something is as it is. */
export type Because =
  /** Nothing is wrong with it. */
  | { readonly kind: 'nothing' }
  /** It is seen by itself; undefined: nothing says how. */
  | { readonly kind: 'seen'; readonly text: string | undefined }
  /** By way of its needs; `through`: what stands between, nearest first. */
  | {
      readonly kind: 'need';
      readonly cause: string;
      readonly through: readonly string[];
      readonly text: string | undefined;
    };

/** Takes a chain of causes apart. */
export function becauseOf(health: MapHealth, index: MapIndex): Because {
  const [own, ...rest] = health.because;
  if (own === undefined) return { kind: 'nothing' };
  const cause = rest.at(-1);
  if (cause === undefined) return { kind: 'seen', text: sayingOf(health) };
  const of = index.thing(cause)?.health;
  return { kind: 'need', cause, through: rest.slice(0, -1), text: of && sayingOf(of) };
}

/** The evidence that decided, in its own words. */
const sayingOf = ({ evidence }: MapHealth): string | undefined =>
  (evidence.find((one) => !one.stale && one.state !== 'ok') ?? evidence[0])?.text;

/** A cause as one sentence: `orders-db is down, through api: no heartbeat for 5 min`. */
export function becauseText(health: MapHealth, index: MapIndex): string {
  const because = becauseOf(health, index);
  if (because.kind === 'nothing')
    return health.shown === 'no-evidence' ? 'nothing is known of it' : '';
  if (because.kind === 'seen') return because.text ?? 'seen by itself';
  const state = index.stateOf(because.cause);
  const through =
    because.through.length === 0
      ? ''
      : `, through ${because.through.map(index.titleOf).join(', ')}`;
  const is = state === undefined ? '' : ` is ${stateWords[state]}`;
  const text = because.text === undefined ? '' : `: ${because.text}`;
  return `${index.titleOf(because.cause)}${is}${through}${text}`;
}

/** More members of a group are only counted. */
const membersAtMost = 3;

/** One need in words: `mail (soft)`, `1 of web1, web2`, `2 of the 12 web/*`. */
export function needText(need: Need, titleOf: (id: string) => string): string {
  const names = need.ids.map(titleOf).join(', ');
  if (need.kind === 'member') return groupText(need, names);
  if (need.kind === 'escalation')
    return need.after === undefined
      ? `escalates to ${names}`
      : `escalates to ${names} after ${formatDuration(need.after)}`;
  return need.kind === 'soft' ? `${names} (soft)` : names;
}

function groupText({ ids, need, name }: Need, names: string): string {
  if (need === undefined) return names;
  if (name === undefined || ids.length <= membersAtMost) return `${need} of ${names}`;
  return `${need} of the ${ids.length} ${name}`;
}

/** Whether a need carries health: work that flows and escalations do not. */
export const carriesHealth = ({ kind }: Need): boolean =>
  kind === 'hard' || kind === 'soft' || kind === 'member';
