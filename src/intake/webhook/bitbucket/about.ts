import { Body } from '../body.ts';
import { essential } from '../essential.ts';
import type { Part } from '../fact.ts';
import type { Delivery, Item } from '../product.ts';
import { type Repository, repositoryAt, repositoryAttributes } from '../repository.ts';
import { headerOf } from '../signature.ts';

/**
 * Keys are `repo:push` and `pullrequest:created` on Cloud, `repo:refs_changed` and `pr:opened` on
 * Data Center. A push that changes several refs is as many items.
 */
export function items(delivery: Delivery): readonly Item[] {
  const { headers, body } = delivery;
  const key = headerOf(headers, 'X-Event-Key') ?? body.text('eventKey') ?? '';
  const [event = '', ...rest] = key.split(':');
  const item = { event, action: rest.join(':'), body, delivery };
  const changes = [...body.list('push.changes'), ...body.list('changes')];
  const isPush = key === 'repo:push' || key === 'repo:refs_changed';
  if (!isPush || changes.length === 0) return [item];
  return changes.slice(0, 1_000).map(({ value: change }) => ({
    ...item,
    body: new Body({
      change,
      repository: body.at('repository').value,
      actor: body.at('actor').value,
      date: body.at('date').value,
      commits: body.at('commits').value,
    }),
  }));
}

export function placeOf(body: Body): Repository {
  const repository =
    body.at('repository').value === undefined ? repositoryOfRequest(body) : body.at('repository');
  const url = repository.first('links.html.href', 'links.self.0.href')?.replace(/\/browse\/?$/, '');
  const onServer = [repository.text('project.key'), repository.text('slug')];
  const fullName =
    repository.text('full_name') ??
    (onServer.filter((part) => part !== undefined).join('/') || 'unknown');
  if (url !== undefined) return repositoryAt(url, fullName);
  return { url: '#', fullName, name: fullName.split('/').at(-1) ?? fullName };
}

const repositoryOfRequest = (body: Body): Body => body.at('pullRequest.toRef.repository');

/** The source that `territory import git` gives to a clone over HTTPS. */
export function gitSourceOf(body: Body): string {
  const { url } = placeOf(body);
  return url.startsWith('https://bitbucket.org/') ? `${url}.git` : url;
}

export function about({ event, action, body }: Item): Part {
  const place = placeOf(body);
  const known = place.url !== '#';
  const thing = body.at(
    ['pullrequest', 'pullRequest', 'issue'].find((name) => body.at(name).value !== undefined) ??
      event,
  );
  const id = thing.text('id');
  return {
    ...(known && { source: place.url }),
    subject: `${event}/${place.fullName}${id === undefined ? '' : `/${id}`}`,
    time:
      body.time('date', 'approval.date', 'comment.created_on', 'commit_status.updated_on') ??
      thing.time(
        ...(/created|opened/.test(action) ? ['created_on', 'createdDate'] : []),
        'updated_on',
        'updatedDate',
        'created_on',
      ),
    attributes: {
      ...(known && repositoryAttributes(place)),
      actor: body.first('actor.nickname', 'actor.name', 'actor.display_name', 'actor.displayName'),
      'url.full': thing.first('links.html.href', 'links.self.0.href'),
    },
    data: essential(body.value, noise),
  };
}

const noise: ReadonlySet<string> = new Set(
  `rendered summary participants uuid account_id author_timestamp commits actor raw
   workspace emailAddress`.split(/\s+/),
);
