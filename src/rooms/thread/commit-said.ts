import { isRecord } from '../../event/json.ts';
import type { Edge, EdgeKind } from './edge.ts';
import { changeKey, commitKey, idKey, plainName, ticketKey } from './names.ts';
import { type Said, recordIn } from './said.ts';
import { type Key, kindOf } from './thing.ts';

/** What is said of commits beyond that they are named. */
export interface CommitsSaid {
  readonly edges: readonly Edge[];
  /** Named, but in another way than the usual. */
  readonly instead: ReadonlySet<Key>;
}

/** More parents than an octopus has arms are not looked at. */
const maxParents = 32;
const maxPerTrailer = 20;

/** Which commits a change has and was merged as; a commit's parents, and what its words name. */
export function commitsSaid(said: Said, about: Key): CommitsSaid {
  if (kindOf(about) === 'change' && said.predicate === 'merged') return merge(said, about);
  const edges = kindOf(about) === 'commit' ? [...parents(said, about), ...words(said, about)] : [];
  return { edges, instead: new Set() };
}

function merge({ attributes }: Said, change: Key): CommitsSaid {
  const merged = commitKey(attributes['vcs.ref.head.revision']);
  const head = commitKey(attributes['vcs.change.head.revision']);
  const edges: Edge[] = [];
  if (merged !== undefined) edges.push({ from: change, to: merged, kind: 'merged' });
  if (head !== undefined && head !== merged) edges.push({ from: head, to: change, kind: 'in' });
  return { edges, instead: new Set([merged, head].filter((key) => key !== undefined)) };
}

function parents({ data }: Said, commit: Key): Edge[] {
  const said = data['parents'] ?? recordIn(data, 'customData')['parents'];
  if (!Array.isArray(said)) return [];
  return said.slice(0, maxParents).flatMap((one: unknown): Edge[] => {
    const from = commitKey(one);
    return from === undefined || from === commit ? [] : [{ from, to: commit, kind: 'parent' }];
  });
}

function words(said: Said, commit: Key): Edge[] {
  const title = plainName(said.data['title'] ?? recordIn(said.data, 'customData')['title']);
  return [
    ...trailers(said, commit),
    ...(title === undefined ? [] : titleEdges(title, commit, said.place)),
  ];
}

/** Trailers by name, in lower case without hyphens: what their value is, and what it means. */
const trailerKinds: Readonly<
  Record<string, readonly ['ticket' | 'card' | 'case' | 'incident', EdgeKind]>
> = {
  fixes: ['ticket', 'fixed'],
  fix: ['ticket', 'fixed'],
  closes: ['ticket', 'fixed'],
  resolves: ['ticket', 'fixed'],
  bug: ['ticket', 'fixed'],
  refs: ['ticket', 'asked'],
  references: ['ticket', 'asked'],
  issue: ['ticket', 'asked'],
  ticket: ['ticket', 'asked'],
  jira: ['ticket', 'asked'],
  seealso: ['ticket', 'asked'],
  card: ['card', 'asked'],
  case: ['case', 'asked'],
  incident: ['incident', 'fixed'],
};

function trailers({ data, place }: Said, commit: Key): Edge[] {
  const said = data['trailers'];
  if (!isRecord(said)) return [];
  return Object.entries(said).flatMap(([name, value]) =>
    typeof value === 'string'
      ? trailer(name.toLowerCase().replaceAll('-', ''), value, { commit, place })
      : [],
  );
}

function trailer(
  name: string,
  value: string,
  { commit, place }: { readonly commit: Key; readonly place: string },
): Edge[] {
  if (name === 'changeid') return edgesTo(changeKey(value, place), commit, 'merged');
  if (name === 'reverts' || name === 'cherrypickedfrom')
    return edgesTo(firstCommit(value), commit, name === 'reverts' ? 'reverted' : 'picked');
  const meaning = Object.hasOwn(trailerKinds, name) ? trailerKinds[name] : undefined;
  if (!meaning) return [];
  const [kind, edge] = meaning;
  // Documentation/process/submitting-patches.rst of Linux: `Fixes: 54a4f0239f2e ("title")`.
  const fixed =
    edge === 'fixed' && /^[0-9a-f]{7,64} \(/.test(value) ? firstCommit(value) : undefined;
  if (fixed !== undefined) return edgesTo(fixed, commit, 'fixed');
  return value
    .split(/[,;\s]+/)
    .slice(0, maxPerTrailer)
    .filter((one) => /\d/.test(one))
    .flatMap((one) => {
      const key =
        kind === 'ticket' || kind === 'card'
          ? ticketKey(one, place, kind)
          : idKey(kind, one, place);
      return edgesTo(key, commit, edge);
    });
}

const firstCommit = (value: string): Key | undefined =>
  commitKey(/[0-9a-f]{7,64}/i.exec(value)?.[0]);

function edgesTo(from: Key | undefined, to: Key, kind: EdgeKind): Edge[] {
  return from === undefined || from === to ? [] : [{ from, to, kind }];
}

/** GitHub, "Linking a pull request to an issue": these words before the number close it. */
const closing =
  /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+((?:[\w.-]+\/[\w.-]+)?#\d+|https?:\/\/\S+\/(?:issues)\/\d+)/gi;
/** What looks like the key of a ticket and is a standard. */
const standards = /^(?:UTF|SHA|ISO|RFC|CVE|AES|RSA|MD|CP|IEC|IEEE|ES|HTTP|TLS|GPT|PEP|UTC|GH)-/;

function titleEdges(title: string, commit: Key, place: string): Edge[] {
  const number = mergedNumber(title);
  const tickets = [...title.matchAll(closing)].map(([, name]) => ticketKey(name, place));
  const [, begins = ''] = /^\[?([A-Z][A-Z0-9]{1,9}-\d{1,7})\b/.exec(title) ?? [];
  return [
    ...(number === undefined ? [] : edgesTo(changeKey(number, place), commit, 'merged')),
    ...tickets.slice(0, maxPerTrailer).flatMap((key) => edgesTo(key, commit, 'fixed')),
    ...(begins === '' || standards.test(begins)
      ? []
      : edgesTo(ticketKey(begins, place), commit, 'asked')),
  ];
}

/** The titles that GitHub, Bitbucket and Azure DevOps give to merges, and GitHub to squashed ones. */
function mergedNumber(title: string): string | undefined {
  return (/^Merge pull request #(\d+) from /.exec(title) ??
    /\(pull request #(\d+)\)$/.exec(title) ??
    /^Merged PR (\d+): /.exec(title) ??
    /\(#(\d+)\)$/.exec(title))?.[1];
}

/** What the words of a change close, as those of a commit. */
export function closedBy(text: string, to: Key, place: string): Edge[] {
  return [...text.slice(0, 10_000).matchAll(closing)]
    .slice(0, maxPerTrailer)
    .flatMap(([, name]) => edgesTo(ticketKey(name, place), to, 'fixed'));
}
