import { type Part, cdevent, custom } from '../fact.ts';
import { deploymentPart, purlOf } from '../forge.ts';
import type { Item, Row } from '../product.ts';
import { type Like, placeOf } from './about.ts';

const isRollback = (item: Item): boolean =>
  /roll-?back/i.test(item.body.text('deployment.task') ?? '');
const inState =
  (...states: readonly string[]) =>
  (item: Item): boolean =>
    states.includes(item.body.text('deployment_status.state') ?? '');

/** CDEvents has no word for a deployment that was asked for, is under way or failed. */
export function deploymentRows(like: Like): Row[] {
  const event = 'deployment_status';
  return [
    {
      event: 'deployment',
      actions: ['created'],
      type: custom(like, 'deployment', 'created'),
      part: partOf(like),
    },
    {
      event,
      when: ['success, of a task named rollback', (i) => inState('success')(i) && isRollback(i)],
      type: cdevent('service.rolledback'),
      part: partOf(like),
    },
    {
      event,
      when: ['success', inState('success')],
      type: cdevent('service.deployed'),
      part: partOf(like),
    },
    {
      event,
      when: ['failure, error', inState('failure', 'error')],
      type: custom(like, 'deployment', 'failed'),
      part: partOf(like, 'critical'),
    },
    {
      event,
      when: ['in_progress', inState('in_progress')],
      type: custom(like, 'deployment', 'started'),
      part: partOf(like),
    },
    {
      event,
      when: ['queued, pending, waiting', inState('queued', 'pending', 'waiting')],
      type: custom(like, 'deployment', 'queued'),
      part: partOf(like),
    },
    {
      event,
      when: ['inactive: another one took its place', inState('inactive')],
      type: custom(like, 'deployment', 'superseded'),
      part: partOf(like),
    },
  ];
}

function partOf(like: Like, state?: string) {
  return ({ body }: Item): Part => {
    const deployment = body.at('deployment');
    const status = body.at('deployment_status');
    const place = placeOf(body);
    const sha = deployment.text('sha');
    const part = deploymentPart(
      {
        id: deployment.text('id') ?? 'unknown',
        environment: status.text('environment') ?? deployment.text('environment'),
        revision: sha,
        ref: deployment.text('ref'),
        url: status.first('log_url', 'target_url'),
        service: deployment.text('payload.service'),
        artifact: artifactOf(like, place.fullName, sha ?? deployment.text('ref') ?? 'unknown'),
      },
      place,
    );
    const run = body.text('workflow_run.id');
    return {
      ...part,
      ...(state !== undefined && { state }),
      attributes: { ...part.attributes, 'cicd.pipeline.run.id': run },
    };
  };
}

function artifactOf(like: Like, fullName: string, version: string): string {
  return purlOf(like === 'github' ? 'github' : 'generic', fullName, version);
}

/** Of a release GitHub tells `created`, `released` and `published`: one of them is the publication. */
export function releaseRows(like: Like): Row[] {
  return [
    {
      event: 'release',
      actions: ['published'],
      type: cdevent('artifact.published'),
      part: ({ body }) => {
        const place = placeOf(body);
        const tag = body.first('release.tag_name', 'release.name') ?? 'unknown';
        const id = artifactOf(like, place.fullName, tag);
        return {
          subject: id,
          service: place.name,
          name: body.text('release.name') ?? tag,
          attributes: { 'artifact.id': id, 'vcs.ref.head.name': tag },
        };
      },
    },
    ...['package', 'registry_package'].map((event) => ({
      event,
      actions: [like === 'github' ? 'published' : 'created'],
      type: cdevent('artifact.published'),
      part: (item: Item) => packagePart(item),
    })),
  ];
}

function packagePart({ event, body }: Item): Part {
  const about = body.at(event);
  const name = about.text('name') ?? 'unknown';
  const type = (about.first('package_type', 'ecosystem', 'type') ?? 'generic').toLowerCase();
  const version = about.first('package_version.version', 'version') ?? 'unknown';
  const id = `pkg:${encodeURIComponent(type === 'container' ? 'docker' : type)}/${encodeURIComponent(name)}@${encodeURIComponent(version)}`;
  return {
    subject: id,
    name,
    time: about.time('package_version.created_at', 'created_at'),
    attributes: {
      'artifact.id': id,
      'vcs.ref.head.revision': about.text('package_version.target_oid'),
    },
  };
}
