import type { Event, Json } from '../../event/event.ts';
import type { AlertDecision, Severity, Suspect } from '../decision.ts';
import type { OperatorKind, Undecided } from '../engine/operator.ts';
import type { Args } from '../language/plan.ts';
import { compileTemplate } from '../language/template.ts';
import { conditionOf, written } from './look.ts';

/** What operators before may have added to an event for the alert. */
export interface AlertHints {
  readonly since?: number;
  readonly suspects?: readonly Suspect[];
  readonly details?: Json;
}

/** What was last said of a key; `said` is when, ms. */
interface AlertState {
  severity: Severity;
  since: number;
  said: number;
}

const severities = new Set<string>(['warning', 'critical', 'unknown']);
/** A condition that goes on is said again so often, ms, with its newest value. */
const again = 60_000;

/**
 * *Alert*: each event that does not fulfil `resolve` says that the condition of the key holds, with
 * the severity of its `state` (critical when it is none of Nagios'); each that does, that it is over.
 * Said is what changes the severity, and once a minute that it goes on. The first event of a key
 * is always said, so that an alert that was open before the rule was changed gets its end. Keeps a
 * severity and two times a key, and holds a key that fires against being forgotten.
 */
export const alert: OperatorKind = {
  stateful: true,
  label: ({ title }) => written(title),
  start: ({ args, get, set, decide }) => {
    const over = conditionOf(args['resolve']);
    const title = compileTemplate(args['title'] as string);
    return {
      event: (event, scope) => {
        const last = get(scope) as AlertState | undefined;
        const severity = over(event) ? 'ok' : severityOf(event);
        if (last?.severity === severity && goesOn(last, event.time)) return;
        const state = { severity, since: sinceOf(event, severity, last), said: event.time };
        set(scope, state);
        decide(decisionOf(event, state, args, title), scope);
      },
      holds: (state) => isFiring(state as AlertState), // as it was set above
    };
  },
};

function isFiring(state: AlertState | undefined): state is AlertState {
  return state !== undefined && state.severity !== 'ok';
}

/** Whether there is nothing to say: it is over and was, or was said to hold a moment ago. */
function goesOn({ severity, said }: AlertState, time: number): boolean {
  return severity === 'ok' || time < said + again;
}

function sinceOf(
  event: Event & AlertHints,
  severity: Severity,
  last: AlertState | undefined,
): number {
  return severity !== 'ok' && isFiring(last) ? last.since : (event.since ?? event.time);
}

function severityOf({ state }: Event): Severity {
  return state !== undefined && severities.has(state) ? (state as Severity) : 'critical';
}

function decisionOf(
  event: Event & AlertHints,
  { severity, since }: AlertState,
  args: Args,
  title: (event: Event) => string,
): Undecided {
  const { service, host, environment, name, metric, suspects, details } = event;
  const optional = {
    service,
    host,
    environment,
    name,
    value: metric,
    suspects,
    details,
    team: args['team'],
    runbook: args['runbook'],
  };
  const given = Object.fromEntries(
    Object.entries(optional).filter(([, value]) => value !== undefined),
  ) as Partial<AlertDecision>;
  return { ...given, kind: 'alert', at: event.time, severity, title: title(event), since };
}
