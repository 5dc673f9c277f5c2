import { shortName } from '../../../rooms/alerts/names.ts';
import type { CheckDefinition, CheckState } from '../../../rooms/checks/definition.ts';
import type { Life, LifeSettings } from '../../../rooms/checks/life.ts';
import { type Alarm, type Silencing, alarmOf } from '../../../rooms/checks/standing.ts';
import type { AlertDecision, Severity } from '../../../rules/decision.ts';

/** The rule that alerts of checks are said to be of. */
export const checksRule = 'checks';

/** A check as its alert is decided. */
export interface Alarming {
  readonly definition: CheckDefinition;
  readonly life: Life;
  readonly settings: LifeSettings;
  readonly silencing: Silencing;
  /** What was told last: see `ToTell`. */
  readonly told: string | undefined;
  /** The stream's clock, ms since the epoch, UTC. */
  readonly now: number;
  /** Address of the page of the check. */
  readonly link: string;
}

/** What is to be told of a check's alert. */
export interface ToTell {
  /** How it stands when this was told; undefined: there is none. */
  readonly alarm: string | undefined;
  readonly decisions: readonly AlertDecision[];
}

/**
 * What is to be told now; undefined: nothing that was not told. Its decisions have ids made of the
 * check, its last run and what it says, so that telling it again after a kill changes nothing.
 */
export function toTell(of: Alarming): ToTell | undefined {
  const { definition, life, settings, silencing, told, now } = of;
  const alarm = alarmOf(life, settings, silencing, now);
  if (alarm.kind === 'hold') return undefined;
  const before = told === undefined ? undefined : keyIn(told);
  if (alarm.kind === 'none')
    return before === undefined
      ? undefined
      : { alarm: undefined, decisions: [resolved(of, before)] };
  const { route } = definition;
  const key = JSON.stringify([route, alarm.because, alarm.state, alarm.since]);
  if (key === told) return undefined;
  // It was told to others: for them it is over.
  const moved = before !== undefined && before !== route ? [resolved(of, before)] : [];
  return { alarm: key, decisions: [...moved, raised(of, alarm)] };
}

/** Something was told by a route; nobody knows what. */
export const toldBefore = (route: string): string => JSON.stringify([route]);

/** The route of what was told. */
const keyIn = (told: string): string => String((JSON.parse(told) as readonly unknown[])[0]);

function resolved(of: Alarming, route: string): AlertDecision {
  return { ...common(of, route), severity: 'ok', title: `${of.definition.name}: ok` };
}

function raised(of: Alarming, alarm: Alarm & { readonly kind: 'raise' }): AlertDecision {
  const { definition, life } = of;
  const { last, lastGood, firstBad } = life;
  const said = last?.summary ?? '';
  return {
    ...common(of, definition.route, `${alarm.because}/${alarm.state}`),
    severity: severityOf(definition, alarm.state),
    since: alarm.since,
    title: titleOf(definition, alarm, said),
    details: {
      link: of.link,
      feature: `${definition.file}:${definition.line}`,
      ...(lastGood ? { lastGood: new Date(lastGood.at).toISOString() } : {}),
      ...(firstBad?.release === undefined ? {} : { firstBadRelease: firstBad.release }),
      ...(said === '' ? {} : { said }),
    },
  };
}

function common({ definition, life, now, link }: Alarming, route: string, what = 'ok') {
  const { id, application, environment } = definition;
  return {
    kind: 'alert' as const,
    rule: checksRule,
    key: { check: id, route },
    at: now,
    since: now,
    id: shortName('check', id, String(life.last?.slot ?? life.born), route, what),
    name: id,
    environment,
    ...(application === undefined ? {} : { service: application }),
    runbook: link,
  };
}

function titleOf(
  { name }: CheckDefinition,
  { because, state }: Alarm & { readonly kind: 'raise' },
  said: string,
): string {
  if (because === 'flapping') return `${name} changes all the time, and is ${state} now: ${said}`;
  if (because === 'stale')
    return `${name} has no result any more; the last one said: ${said || 'nothing'}`;
  return `${name}: ${said}`;
}

/** What is only noted, or whose failure is a warning, is a warning. */
function severityOf({ route, isWarning }: CheckDefinition, state: CheckState): Severity {
  if (state === 'critical' && (route === 'note' || isWarning)) return 'warning';
  return state;
}
