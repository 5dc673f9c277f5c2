import type { Body } from '../body.ts';
import { essential } from '../essential.ts';
import type { Part } from '../fact.ts';
import type { Delivery, Item } from '../product.ts';
import { type Repository, plainUrl, repositoryAt, repositoryAttributes } from '../repository.ts';
import { headerOf } from '../signature.ts';

/** Products that send GitHub's shapes, by the type of their package-urls. */
export type Like = 'github' | 'gitea';

/** Where to look for the thing that the event is about: its name is the event's, or one of these. */
const things: Readonly<Record<string, string>> = {
  issues: 'issue',
  issue_comment: 'comment',
  commit_comment: 'comment',
  pull_request_review: 'review',
  pull_request_review_comment: 'comment',
  pull_request_review_thread: 'thread',
  discussion_comment: 'comment',
  dependabot_alert: 'alert',
  code_scanning_alert: 'alert',
  secret_scanning_alert: 'alert',
  repository_vulnerability_alert: 'alert',
  page_build: 'build',
  pull_request_approved: 'pull_request',
  pull_request_rejected: 'pull_request',
  pull_request_comment: 'pull_request',
  push: 'head_commit',
  star: '',
};

/** GitHub names the event in a header; Gitea's own comes first, since it sends GitHub's as well. */
export function items(delivery: Delivery): readonly Item[] {
  const { headers, body } = delivery;
  const event =
    headerOf(headers, 'X-Forgejo-Event') ??
    headerOf(headers, 'X-Gitea-Event') ??
    headerOf(headers, 'X-GitHub-Event') ??
    '';
  return [{ event, action: actionOf(event, body), body, delivery }];
}

/** Events that come without an action are told by what happened all the same. */
const withoutAction: Readonly<Record<string, string>> = {
  create: 'created',
  delete: 'deleted',
  fork: 'created',
  gollum: 'updated',
  page_build: 'built',
  public: 'publicized',
  repository_import: 'finished',
  repository_dispatch: 'dispatched',
  team_add: 'added',
  workflow_dispatch: 'dispatched',
};

function actionOf(event: string, body: Body): string {
  if (Object.hasOwn(withoutAction, event)) return withoutAction[event] ?? '';
  return body.text('action') ?? '';
}

/** The repository that the event is about; organisations and apps have none. */
export function repositoryOf(body: Body): Repository | undefined {
  const url = body.text('repository.html_url');
  const fullName = body.text('repository.full_name');
  return url === undefined || fullName === undefined ? undefined : repositoryAt(url, fullName);
}

/** The same where there must be one for a fact to make sense: what is missing is called unknown. */
export function placeOf(body: Body): Repository {
  return repositoryOf(body) ?? { url: sourceOf(body) ?? '#', fullName: 'unknown', name: 'unknown' };
}

function sourceOf(body: Body): string | undefined {
  const login = body.text('organization.login');
  const person = body.text('sender.html_url');
  if (login === undefined || person === undefined || !URL.canParse(person)) return undefined;
  return plainUrl(new URL(`/${login}`, person).href);
}

/** What every fact says: where it happened, by whom, when; and what the event is about. */
export function about({ event, action, body }: Item): Part {
  const repository = repositoryOf(body);
  const name = Object.hasOwn(things, event) ? things[event] : event;
  const thing = body.at(name === undefined || name === '' ? event : name);
  const source = repository?.url ?? sourceOf(body);
  const number = thing.first('number', 'id', 'tag_name', 'name', 'ghsa_id') ?? body.text('ref');
  const place = repository === undefined ? '' : `/${repository.fullName}`;
  return {
    ...(source !== undefined && { source }),
    subject: `${event}${place}${number === undefined ? '' : `/${number}`}`,
    time: timeOf(thing, action, body),
    attributes: {
      ...(repository !== undefined && repositoryAttributes(repository)),
      actor: body.first('sender.login', 'pusher.name'),
      'url.full': thing.text('html_url'),
    },
    data: essential(body.value, noise),
  };
}

/** The API's addresses, and the commits of a push, which are facts of their own. */
const noise: ReadonlySet<string> = new Set(['url', 'commits', '_type', 'tree_id', 'site_admin']);

/** The time of the action where the thing carries several. */
function timeOf(thing: Body, action: string, body: Body): number | undefined {
  const made = ['created', 'opened', 'submitted', 'requested', 'queued'].includes(action);
  const first = made ? ['submitted_at', 'created_at', 'started_at', 'pushed_at'] : [];
  if (action === 'closed') first.push('closed_at');
  if (action === 'published') first.push('published_at');
  if (action === 'completed') first.push('completed_at');
  if (action === 'in_progress') first.push('run_started_at', 'started_at');
  return (
    thing.time(...first, 'updated_at', 'timestamp', 'created_at', 'published_at', 'dismissed_at') ??
    body.time('updated_at', 'created_at')
  );
}
