import { repositoryName } from '../../thread/names.ts';
import type { DraftNode } from '../draft-map.ts';
import { countedText } from '../problems/words.ts';
import type { Seen } from '../seen.ts';
import { familyOf, lastPart } from './programs.ts';
import { type Sketch, grouped, instantText, lastOf, seenComment } from './sketch.ts';

/** Where work is when a fact is told of it. */
type Part = 'backlog' | 'code' | 'review' | 'build' | 'repository' | 'on-call' | 'helpdesk';

/** By the subject in a fact's type; docs/protocols/webhooks.md has those of products. */
const partOf: Readonly<Record<string, Part>> = {
  ticket: 'backlog',
  issue: 'backlog',
  issues: 'backlog',
  card: 'backlog',
  commit: 'code',
  push: 'code',
  change: 'review',
  review: 'review',
  pullrequest: 'review',
  mergerequest: 'review',
  pullrequestreview: 'review',
  pullrequestreviewcomment: 'review',
  branch: 'repository',
  tag: 'repository',
  release: 'repository',
  repository: 'repository',
  build: 'build',
  pipelinerun: 'build',
  pipeline: 'build',
  workflowrun: 'build',
  taskrun: 'build',
  job: 'build',
  workflowjob: 'build',
  testcaserun: 'build',
  testsuiterun: 'build',
  artifact: 'build',
  incident: 'on-call',
  alert: 'on-call',
  case: 'helpdesk',
};

const looks: Readonly<Record<Part, Pick<DraftNode, 'quadrant' | 'kind'>>> = {
  backlog: { quadrant: 'development', kind: 'step' },
  code: { quadrant: 'development', kind: 'step' },
  review: { quadrant: 'development', kind: 'step' },
  repository: { quadrant: 'pipeline', kind: 'repository' },
  build: { quadrant: 'pipeline', kind: 'build-server' },
  'on-call': { quadrant: 'support', kind: 'role' },
  helpdesk: { quadrant: 'support', kind: 'role' },
};

/** What stands for each part on the map, the first where there are several. */
export type WorkNodes = ReadonlyMap<Part, string>;

const maxRepositories = 100;
const maxSources = 200;

/**
 * Draws what facts tell of work: repositories, whoever builds, the steps of development and the
 * desks of support. `others` is what no service, host or environment finds: its sources are drawn,
 * where no repository finds it either.
 */
export function drawWork(
  sketch: Sketch,
  seen: readonly Seen[],
  others: readonly Seen[],
): WorkNodes {
  const facts = seen.filter(({ stream }) => stream === 'facts');
  const nodes = new Map<Part, string>();
  const put = (part: Part, id: string): void => {
    if (!nodes.has(part)) nodes.set(part, id);
  };
  const repositories = grouped(facts, ({ repository }) => repository);
  const drawn = new Set([...repositories.keys()].slice(0, maxRepositories));
  for (const name of drawn) put('repository', drawRepository(sketch, name, repositories));
  const lost = new Set(
    others.filter(({ repository }) => repository === undefined || !drawn.has(repository)),
  );
  const bySource = grouped([...new Set([...facts, ...lost])], ({ source }) => familyOf(source));
  const sources = [...bySource].filter(
    ([source, those]) => those.some((one) => lost.has(one)) || onlyBuilds(source, those, drawn),
  );
  for (const [source, those] of sources.slice(0, maxSources)) {
    const part = mostly(those);
    const id = drawSource(sketch, source, those, part);
    if (part !== undefined) put(part, id);
  }
  drawSteps(sketch, facts, nodes);
  return nodes;
}

function drawRepository(
  sketch: Sketch,
  repository: string,
  all: ReadonlyMap<string, readonly Seen[]>,
): string {
  return sketch.node(lastPart(repository), {
    quadrant: 'pipeline',
    kind: 'repository',
    title: repository,
    names: { repository },
    comment: seenComment(all.get(repository) ?? []),
  });
}

/** Whoever builds, and is no forge: the source of those is the repository, and of all its facts. */
function onlyBuilds(source: string, seen: readonly Seen[], repositories: ReadonlySet<string>) {
  const builds = seen.every((one) => partIn(one) === 'build');
  return builds && !repositories.has(repositoryName(source) ?? '');
}

function partIn({ stream, type }: Seen): Part | undefined {
  const subject = type.split('.')[0] ?? '';
  return stream === 'facts' && Object.hasOwn(partOf, subject) ? partOf[subject] : undefined;
}

/** The part that most facts are of. */
function mostly(seen: readonly Seen[]): Part | undefined {
  const parts = [...grouped(seen, partIn)].toSorted(([, a], [, b]) => sum(b) - sum(a));
  return parts[0]?.[0] as Part | undefined; // grouped by nothing else
}

const sum = (seen: readonly Seen[]): number => seen.reduce((all, { count }) => all + count, 0);

function drawSource(
  sketch: Sketch,
  source: string,
  seen: readonly Seen[],
  part: Part | undefined,
): string {
  const facts = seen.some(({ stream }) => stream === 'facts');
  const other = { quadrant: 'production', kind: facts ? 'external' : 'system' } as const;
  return sketch.node(lastPart(source), {
    ...(part === undefined ? other : looks[part]),
    title: source,
    names: { source },
    comment: seenComment(seen),
  });
}

/** Parts of which facts tell and for which nothing stands yet: they have no name of their own. */
function drawSteps(sketch: Sketch, facts: readonly Seen[], nodes: Map<Part, string>): void {
  for (const [key, those] of grouped(facts, partIn)) {
    const part = key as Part; // grouped by nothing else
    if (nodes.has(part) || part === 'repository') continue;
    const comment = `${countedText(sum(those), 'fact')} of ${key === 'on-call' ? 'incidents and alerts' : key}, last ${instantText(lastOf(those))}`;
    const forge =
      part === 'build' && those.some(({ subject }) => subject?.startsWith('pipelinerun/'));
    const names = forge ? { names: { subject: 'pipelinerun/*' } } : {};
    nodes.set(part, sketch.node(part, { ...looks[part], ...names, comment }));
  }
}
