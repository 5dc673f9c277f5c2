import type { Body } from '../body.ts';
import { essential } from '../essential.ts';
import type { Part } from '../fact.ts';
import type { Delivery, Item } from '../product.ts';
import { type Repository, repositoryAt, repositoryAttributes } from '../repository.ts';

/** `object_kind` says what it is; what happened stands in another place for each. */
export function items(delivery: Delivery): readonly Item[] {
  const { body } = delivery;
  const event = body.first('object_kind', 'event_name', 'event_type') ?? '';
  const paths = ['object_attributes.action', 'action'];
  const action = body.first(actionsAt.get(event) ?? 'object_attributes.action', ...paths) ?? '';
  return [{ event, action: action.toLowerCase(), body, delivery }];
}

/** Where what happened stands, when it is not in the action. */
const actionsAt: ReadonlyMap<string, string> = new Map([
  ['pipeline', 'object_attributes.status'],
  ['build', 'build_status'],
  ['deployment', 'status'],
  ['note', 'object_attributes.noteable_type'],
]);

export function placeOf(body: Body): Repository {
  const url = body.first('project.web_url', 'repository.homepage', 'commit_url');
  const name = body.first('project.path_with_namespace', 'project_name', 'group.full_path');
  const fullName = (name ?? 'unknown').replace(/ /g, '');
  return url === undefined
    ? { url: '#', fullName, name: fullName.split('/').at(-1) ?? fullName }
    : repositoryAt(url, fullName);
}

/** The source that `territory import git` gives to a clone over HTTPS. */
export function gitSourceOf(body: Body): string {
  return body.first('project.git_http_url', 'repository.git_http_url') ?? placeOf(body).url;
}

export function about({ event, action, body }: Item): Part {
  const place = placeOf(body);
  const thing = body.at('object_attributes');
  const id = thing.first('iid', 'id') ?? body.first('deployment_id', 'build_id', 'tag', 'ref');
  return {
    ...(place.url !== '#' && { source: place.url, attributes: attributesOf(body, place) }),
    subject: `${event}/${place.fullName}${id === undefined ? '' : `/${id}`}`,
    time: timeOf(action, thing, body),
    data: essential(body.value, noise),
  };
}

function attributesOf(body: Body, place: Repository): Readonly<Record<string, string | undefined>> {
  return {
    ...repositoryAttributes(place),
    actor: body.first('user.username', 'user_username', 'user.name', 'user_name'),
    'url.full': body.first('object_attributes.url', 'deployable_url', 'url'),
  };
}

const noise: ReadonlySet<string> = new Set(
  `project commits last_edited_by_id source target hook_id namespace`.split(/\s+/),
);

function timeOf(action: string, thing: Body, body: Body): number | undefined {
  if (/^(success|failed|canceled|skipped)$/.test(action)) {
    const finished =
      thing.time('finished_at') ?? body.time('build_finished_at', 'status_changed_at');
    if (finished !== undefined) return finished;
  }
  if (action === 'running') {
    const started = thing.time('started_at') ?? body.time('build_started_at', 'status_changed_at');
    if (started !== undefined) return started;
  }
  const made = action === 'open' ? ['created_at'] : [];
  return (
    thing.time(...made, 'updated_at', 'created_at') ??
    body.time('status_changed_at', 'build_created_at', 'released_at', 'created_at')
  );
}
