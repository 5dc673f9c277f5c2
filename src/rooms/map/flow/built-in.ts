import type { EventPattern, ValueStream } from '../model.ts';
import type { Role } from './role.ts';

interface BuiltIn {
  readonly role: Role;
  readonly on: EventPattern;
  /** The item was finished, and is in its last stage again. */
  readonly reopens: boolean;
}

const failed = ['fail', 'error'];

/** `build.finished`, with conditions on fields. */
function pattern(name: string, where: Readonly<Record<string, readonly string[]>> = {}) {
  const [subject = '', predicate = ''] = name.split('.');
  const conditions = Object.entries(where).map(([field, values]) => ({ field, values }));
  const text = conditions.map(({ field, values }) => `${field}=${values.join('|')}`).join(',');
  return { subject, predicate, where: conditions, text: `${name}${text && `[${text}]`}` };
}

const all = (role: Role, names: readonly string[], where = {}, reopens = false): BuiltIn[] =>
  names.map((name) => ({ role, on: pattern(name, where), reopens }));

/**
 * What tells of work that came back, without being declared. Cards that move to an earlier column and
 * deployments that are rolled back are found in other ways. docs/reference/map-times.md has the table.
 */
export const builtIn: Readonly<Record<ValueStream['item'], readonly BuiltIn[]>> = {
  change: [
    ...all('return', ['change.reviewed'], { outcome: ['changes-requested'] }),
    ...all('return', ['build.finished', 'pipelinerun.finished', 'testsuiterun.finished'], {
      outcome: failed,
    }),
    ...all('return', ['deployment.failed', 'deploy.failed']),
    ...all('return', ['deployment.finished', 'deploy.finished'], { outcome: failed }),
    ...all('judged', [
      'change.reviewed',
      'build.finished',
      'pipelinerun.finished',
      'testsuiterun.finished',
      'deployment.failed',
      'deployment.finished',
      'service.deployed',
    ]),
    ...all('again', [
      'change.updated',
      'build.queued',
      'build.started',
      'pipelinerun.queued',
      'pipelinerun.started',
      'testsuiterun.queued',
      'testsuiterun.started',
      'deployment.started',
      'deploy.started',
    ]),
    ...all('rollback', ['service.rolledback']),
    ...all('stop', ['change.abandoned']),
  ],
  incident: [
    ...all('return', ['incident.reopened', 'alert.reopened'], {}, true),
    ...all('return', ['incident.detected'], { action: ['reopened'] }, true),
  ],
  case: [
    ...all('return', ['case.reopened', 'ticket.reopened'], {}, true),
    ...all('return', ['case.updated', 'ticket.updated'], { action: ['reopened'] }, true),
    ...all('return', ['case.updated', 'ticket.updated'], { state: ['reopened'] }, true),
  ],
  card: [
    ...all('return', ['card.reopened'], {}, true),
    ...all('stop', ['card.archived', 'card.deleted', 'card.removed']),
  ],
};
