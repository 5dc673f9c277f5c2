import type { PlacedEvent } from '../../event/codec.ts';
import type { Draft, Json } from '../../event/event.ts';
import { defined } from '../alerts/facts.ts';
import type { Context } from '../room.ts';
import { type Report, deployFact } from '../where/facts.ts';
import type { DeployRecord } from './record.ts';

/** The source of every fact of this room. */
export const deploysSource = 'territory/deploys';

/** What happens in this room, as `<subject>.<predicate>` of its types. */
export const happenings = [
  'deploy.requested',
  'deploy.refused',
  'deploy.started',
  'deploy.stage',
  'deploy.smoke',
  'deploy.failed',
  'deploy.cancelling',
  'deploy.cancelled',
  'deploy.lost',
  'deploy.approved',
  'deploy.acknowledged',
  'deploy.objected',
  'deploy.verified',
  'environment.declared',
  'environment.removed',
  'reservation.made',
  'reservation.released',
] as const;

/** With the two that CDEvents has a word for: how a deploy ends well. */
export type Happening = (typeof happenings)[number] | 'service.deployed' | 'service.rolledback';

const prefix = 'dev.cdeventsx.territory-';
const well = 'dev.cdevents.service.';

/** What the types of this room's facts begin with. */
export const heard: readonly string[] = [
  ...new Set(happenings.map((happening) => `${prefix}${happening.split('.')[0] ?? ''}.`)),
  well,
];

/** `dev.cdeventsx.territory-deploy.requested.0.1.0` */
export function typeOf(happening: (typeof happenings)[number]): string {
  return `${prefix}${happening}.0.1.0`;
}

const byType = new Map<string, Happening>([
  ...happenings.map((one) => [typeOf(one), one] as const),
  [`${well}deployed.0.3.0`, 'service.deployed'],
  [`${well}rolledback.0.3.0`, 'service.rolledback'],
]);

/** What a fact of this room says happened; undefined for any other event. */
export function happeningOf(event: Pick<PlacedEvent, 'type' | 'source'>): Happening | undefined {
  return event.source === deploysSource ? byType.get(event.type) : undefined;
}

/**
 * What facts about one lane have as subject: all but the asking, so that none is decided on what
 * has just changed. The asking has its own, so that twenty who ask at once do not wait for each other.
 */
export function laneSubject(app: string, environment: string): string {
  return `deploy/${app}/${environment}`;
}

interface Fields {
  readonly subject: string;
  readonly app?: string;
  readonly environment: string;
  readonly attributes?: { readonly [name: string]: string | undefined };
  readonly data?: { readonly [name: string]: Json | undefined };
}

/** A fact's draft: who did it, and what it is about, stand where every other fact has them. */
export function factOf(
  happening: (typeof happenings)[number],
  { now, actor }: Context,
  { subject, app, environment, attributes = {}, data = {} }: Fields,
): Draft {
  return defined({
    type: typeOf(happening),
    time: now,
    subject,
    source: deploysSource,
    service: app,
    environment,
    attributes: defined({ actor, ...attributes }),
    data: defined({ by: actor, ...data }),
  });
}

/** Names of one deploy that all facts about it have; the same as `deployFact` gives it. */
export function namesOf(deploy: Pick<DeployRecord, 'id' | 'app' | 'environment' | 'version'>) {
  return {
    'deployment.id': `${deploy.app}/${deploy.environment}/${deploy.id}`,
    'service.version': deploy.version,
  };
}

/** A fact about one deploy that others know nothing of. */
export function deployFactOf(
  happening: (typeof happenings)[number],
  deploy: DeployRecord,
  context: Context,
  data: Fields['data'] = {},
): Draft {
  const { app, environment } = deploy;
  return factOf(happening, context, {
    subject: laneSubject(app, environment),
    app,
    environment,
    attributes: namesOf(deploy),
    data: { deploy: deploy.id, ...data },
  });
}

interface Told {
  readonly report: Report;
  readonly reason?: string | undefined;
  /** Kept in `data`; in a CDEvent in its `customData`. */
  readonly data: { readonly [name: string]: Json | undefined };
}

/**
 * A fact about one deploy as a pipeline reports it, so that what runs where, threads, the map and
 * suspects know it. Its subject is the lane and not the service, unlike that of other senders: an
 * end must be seen by whoever decides on the lane next.
 */
export function toldFact(deploy: DeployRecord, context: Context, told: Told): Draft {
  const { app, environment, version, id, kind } = deploy;
  const { now: time, actor } = context;
  const fact = deployFact({
    report: told.report,
    app,
    environment,
    version,
    id,
    time,
    actor,
    reason: told.reason,
    rollback: kind === 'rollback',
  });
  const extra = defined({ by: actor, deploy: id, reason: told.reason, ...told.data });
  return {
    ...fact,
    source: deploysSource,
    subject: laneSubject(app, environment),
    data: told.report === 'finished' ? cdEvent(fact, context, extra) : extra,
  };
}

/** The CDEvent with the id and the source that the event around it will have. */
function cdEvent({ data }: Draft, { id }: Context, customData: Json): Json {
  const event = data as { readonly [name: string]: Json }; // made by deployFact
  const context = event['context'] as { readonly [name: string]: Json };
  return { ...event, context: { ...context, id, source: deploysSource }, customData };
}
