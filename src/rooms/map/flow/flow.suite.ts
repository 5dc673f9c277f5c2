import type { EventPattern, ValueStream } from '../model.ts';
import type { Moment } from './item.ts';
import type { Role } from './role.ts';
import type { StreamMarks } from './marks.ts';

const place = { file: 'map.yaml', line: 1, column: 1 };

/** `service.deployed[env=production|live,outcome=pass]`. */
export function pattern(text: string): EventPattern {
  const [, subject = '', predicate = '', conditions = ''] =
    /^([^.]+)\.([^[]+)(?:\[(.*)\])?$/.exec(text) ?? [];
  const where = conditions
    .split(',')
    .filter((one) => one !== '')
    .map((one) => {
      const [field = '', values = ''] = one.split('=');
      return { field, values: values.split('|') };
    });
  return { subject, predicate, where, text };
}

export interface StageText {
  readonly id: string;
  readonly enter?: string;
  readonly exit: string;
  readonly active?: readonly (readonly [start: string, end: string])[];
}

/** A stream in short. */
export function streamOf(
  item: ValueStream['item'],
  stages: readonly StageText[],
  back: readonly (readonly [on: string, blames: string])[] = [],
): ValueStream {
  return {
    id: 'flow',
    title: 'Flow',
    item,
    place,
    back: back.map(([on, blames]) => ({ on: pattern(on), blames })),
    stages: stages.map(({ id, enter, exit, active = [] }) => ({
      id,
      title: id[0]?.toUpperCase() + id.slice(1),
      node: id,
      place,
      enter: enter === undefined ? [] : [pattern(enter)],
      exit: [pattern(exit)],
      active: active.map(([start, end]) => ({ start: pattern(start), end: pattern(end) })),
    })),
  };
}

/** The happy path of the design. */
export const delivery = streamOf('change', [
  { id: 'code', enter: 'commit.authored', exit: 'change.created' },
  { id: 'review', exit: 'change.merged', active: [['review.started', 'change.reviewed']] },
  { id: 'build', exit: 'artifact.packaged', active: [['build.started', 'build.finished']] },
  { id: 'staging', exit: 'testsuiterun.finished[env=staging,outcome=pass]' },
  { id: 'release', exit: 'service.deployed[env=production]' },
]);

/** The recovery path. */
export const recovery = streamOf('incident', [
  { id: 'detect', enter: 'incident.detected', exit: 'incident.acknowledged' },
  { id: 'mitigate', exit: 'incident.mitigated' },
  { id: 'resolve', exit: 'incident.resolved' },
]);

/** The first mark with this role, of the stage with this number. */
export function markAt({ marks }: StreamMarks, role: Role, stage = 0): number {
  return marks.findIndex((mark) => mark.role === role && mark.stage === stage);
}

export const moment = (time: number, mark: number, thing = 0): Moment => ({ time, mark, thing });

/** What a generator comes to. */
export function ended<T>(steps: Generator<void, T>): T {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}
