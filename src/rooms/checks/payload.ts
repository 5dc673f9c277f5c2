import type { PlacedEvent } from '../../event/codec.ts';
import type { Json } from '../../event/event.ts';
import { type Payload, defined } from '../alerts/facts.ts';
import { type CheckDefinition, checkRoutes, checkStates } from './definition.ts';
import type { Judgement, JudgedBudget } from './judgement.ts';

/** A definition as it stands in facts: what other fields of an event say is left out. */
export function definitionData({
  name: _name,
  application,
  environment,
  ...rest
}: CheckDefinition): { readonly [name: string]: Json } {
  return defined({
    ...rest,
    name: _name,
    application,
    environment,
    tags: [...rest.tags],
    dependsOn: [...rest.dependsOn],
  });
}

/** Reads a definition; undefined where it makes no sense. */
export function definitionIn(id: string, payload: Payload): CheckDefinition | undefined {
  const [name, environment] = [payload.text('name'), payload.text('environment')];
  const interval = payload.number('interval');
  if (name === undefined || environment === undefined) return undefined;
  if (interval === undefined || interval <= 0) return undefined;
  return {
    id,
    name,
    kind: payload.text('kind') === 'plugin' ? 'plugin' : 'scenario',
    file: payload.text('file') ?? '',
    line: payload.number('line') ?? 1,
    application: payload.text('application'),
    environment,
    tags: textsIn(payload, 'tags'),
    // What is not known is told: a route is never lost by a word.
    route: checkRoutes.find((one) => one === payload.text('route')) ?? 'ticket',
    isWarning: payload.flag('isWarning'),
    isGate: payload.flag('isGate'),
    interval,
    dependsOn: textsIn(payload, 'dependsOn'),
    sha: payload.text('sha') ?? '',
  };
}

function textsIn(payload: Payload, name: string): string[] {
  const value = payload.json(name);
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** Reads a kept verdict; undefined where it makes no sense. */
export function judgementIn(event: PlacedEvent, payload: Payload): Judgement | undefined {
  const { service: application, environment } = event;
  const [version, tag, since] = [
    payload.text('version'),
    payload.text('tag'),
    payload.number('since'),
  ];
  const verdict = (['pass', 'fail'] as const).find((one) => one === payload.text('verdict'));
  if (application === undefined || environment === undefined || version === undefined)
    return undefined;
  if (tag === undefined || since === undefined || !verdict) return undefined;
  const reason = payload.text('reason') ?? '';
  const budgets = payload.json('budgets') === undefined ? undefined : budgetsIn(payload);
  const said = { application, environment, version, tag, verdict, reason, since, at: event.time };
  return budgets ? { ...said, budgets } : said;
}

function budgetsIn(payload: Payload): JudgedBudget[] {
  return payload.list('budgets').flatMap((one) => {
    const [check, name, label] = [one.text('check'), one.text('name'), one.text('label')];
    if (check === undefined || name === undefined || label === undefined) return [];
    return [
      {
        check,
        name,
        label,
        unit: one.text('unit') ?? '',
        warning: one.number('warning') ?? null,
        critical: one.number('critical') ?? null,
        last: one.number('last') ?? null,
        median: one.number('median') ?? null,
        samples: one.number('samples') ?? 0,
        state: checkStates.find((state) => state === one.text('state')) ?? 'pending',
      },
    ];
  });
}
