import type { Commit } from './commits.ts';

/** What is looked at of a message; references stand at its ends, but a message has no bounds. */
const maxText = 20_000;
const maxReferences = 20;

type Words = Pick<Commit, 'title' | 'body' | 'trailers'>;

/**
 * What a commit's words say it belongs to, as the attributes that link a thread: `vcs.change.id`
 * (the pull or merge request, or Gerrit's Change-Id), `ticket.id`, `card.id`, `case.id`,
 * `incident.id`; several of a kind stand with commas.
 */
export function referencesOf({ title, body, trailers }: Words): Readonly<Record<string, string>> {
  const text = `${title}\n${body}`.slice(0, maxText);
  const found = new Map<string, Set<string>>();
  const add = (name: string, id: string): void => {
    const ids = found.get(name) ?? new Set();
    if (ids.size < maxReferences) found.set(name, ids.add(id));
  };
  for (const [, id = ''] of text.matchAll(closing)) add('ticket.id', id);
  for (const [name, value] of trailers) {
    const attribute = trailerNames.get(name.toLowerCase().replaceAll('-', ''));
    if (attribute !== undefined) for (const id of idsIn(value)) add(attribute, id);
  }
  const change = changeOf(title, body.slice(0, maxText), trailers);
  if (change !== undefined) add('vcs.change.id', change);
  return Object.fromEntries([...found].map(([name, ids]) => [name, [...ids].join(',')]));
}

/**
 * The words that close issues at GitHub, GitLab and Gitea, before `#12`, `acme/shop#12` or `ABC-12`.
 * What is repeated is bounded, so that no text is slow.
 */
const closing =
  /\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing))\b:?[ \t]{1,8}((?:[\w.-]{1,100}\/[\w.-]{1,100})?#\d{1,12}|[A-Z][A-Z0-9]{1,20}-\d{1,12})\b/gi;

const trailerNames: ReadonlyMap<string, string> = new Map([
  ['card', 'card.id'],
  ['ticket', 'ticket.id'],
  ['issue', 'ticket.id'],
  ['jira', 'ticket.id'],
  ['bug', 'ticket.id'],
  ['refs', 'ticket.id'],
  ['references', 'ticket.id'],
  ['closes', 'ticket.id'],
  ['fixes', 'ticket.id'],
  ['resolves', 'ticket.id'],
  ['case', 'case.id'],
  ['incident', 'incident.id'],
]);

/** `Fixes: 54a4f0239f2e ("title")` names a commit and no ticket: an id is `#12`, `a/b#12` or `ABC-12`. */
function idsIn(value: string): readonly string[] {
  return value
    .slice(0, 1_000)
    .split(/[,;\s]+/)
    .filter((one) => /^(?:(?:[\w.-]+\/[\w.-]+)?#?\d{1,12}|[A-Za-z][\w]*-[\w-]+)$/.test(one));
}

/** How forges title the commit that brings a change in, with the change's number. */
const titles = [
  /^Merge pull request #(\d+)\b/, // GitHub, Bitbucket Server
  /^Merge pull request .*\(#(\d+)\)/, // Gitea, Forgejo
  /^Merged in .*\(pull request #(\d+)\)/, // Bitbucket
  /^Merged PR (\d+):/, // Azure DevOps
  /\(#(\d+)\)\s*$/, // GitHub, a squashed one
  /\(!(\d+)\)\s*$/,
];
/** GitLab says it at the end of the message. */
const mergeRequest = /^See merge request (?:[\w./-]{1,500})?!(\d+)\s*$/m;

function changeOf(title: string, body: string, trailers: Words['trailers']): string | undefined {
  const short = title.slice(0, 1_000);
  const number = [...titles.map((one) => one.exec(short)), mergeRequest.exec(body)].find(Boolean);
  if (number?.[1] !== undefined) return number[1];
  const gerrit = trailers.find(([name]) => name.toLowerCase() === 'change-id');
  return gerrit && /^I[0-9a-f]{40}$/.test(gerrit[1]) ? gerrit[1] : undefined;
}
