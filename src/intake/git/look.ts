import type { Draft } from '../../event/event.ts';
import type { PollerContext } from '../poller.ts';
import { factsOfChange, type RefChange } from './changes.ts';
import { everyRef, readCommits } from './commits.ts';
import { type About, draftOf, factOfTag, factsOfCommit } from './facts.ts';
import { type Mirror, type Refs, toldRefs } from './mirror.ts';
import { readTags } from './tags.ts';

/** Facts that are delivered together. */
const parcel = 1_000;
/** A branch that moves over more commits is said to have so many. */
const mostCounted = 100_000;

/** What one look at a remote needs. */
export interface Looking {
  readonly mirror: Mirror;
  readonly about: About;
  /** Only what was committed from then on, ms; the first look alone. */
  readonly since: number | undefined;
  /** When it was looked at before, ms; undefined: never. */
  readonly before: number | undefined;
  readonly context: Pick<PollerContext, 'deliver' | 'now' | 'signal'>;
}

/**
 * Looks at the refs of a remote; when they are not as they were, fetches and tells what is new. What
 * was told is noted only once it is durable: after a crash it is told again, and known as told.
 */
export async function lookAt(looking: Looking): Promise<void> {
  const { mirror } = looking;
  await mirror.open();
  const told = await mirror.told();
  if (sameRefs(told, await mirror.look())) return;
  await mirror.fetch();
  const refs = await mirror.refs();
  await tellCommits(looking);
  await tellTags(looking, told, refs);
  // When the branches of the first look were made is not known.
  if (looking.before !== undefined) await tellChanges(looking, told, refs);
  await mirror.setTold();
}

async function tellCommits({ mirror, about, since, before, context }: Looking): Promise<void> {
  const age =
    since === undefined || before !== undefined ? [] : [`--since=@${Math.floor(since / 1000)}`];
  const revisions = [...age, ...everyRef, '--not', `--glob=${toldRefs}`];
  const range = { revisions, hasHead: false, stat: false };
  const facts: Draft[] = [];
  for await (const commit of readCommits(mirror.path, range, context.signal)) {
    facts.push(...factsOfCommit(commit, about).map(draftOf));
    if (facts.length >= parcel) await context.deliver(facts.splice(0), about.source);
  }
  if (facts.length > 0) await context.deliver(facts, about.source);
}

async function tellTags(looking: Looking, told: Refs, refs: Refs): Promise<void> {
  const { mirror, about, since, before, context } = looking;
  const facts = (await readTags(mirror.path, undefined, context.signal))
    .filter(({ name }) => told.get(`refs/tags/${name}`) !== refs.get(`refs/tags/${name}`))
    .filter(({ time }) => before !== undefined || since === undefined || time >= since)
    .map((tag) => draftOf(factOfTag(tag, about)));
  for (let at = 0; at < facts.length; at += parcel)
    // oxlint-disable-next-line no-await-in-loop -- in their order
    await context.deliver(facts.slice(at, at + parcel), about.source);
}

async function tellChanges(looking: Looking, told: Refs, refs: Refs): Promise<void> {
  const { about, context } = looking;
  const changed = [...new Set([...told.keys(), ...refs.keys()])].filter(
    (ref) => told.get(ref) !== refs.get(ref),
  );
  const facts: Draft[] = [];
  for (const ref of changed) {
    // oxlint-disable-next-line no-await-in-loop -- a process each: one after the other
    const change = await changeOf(looking, ref, { before: told.get(ref), after: refs.get(ref) });
    facts.push(...factsOfChange(change, about));
  }
  if (facts.length > 0) await context.deliver(facts, about.source);
}

type Move = Pick<RefChange, 'before' | 'after'>;

async function changeOf(
  looking: Looking,
  ref: string,
  { before, after }: Move,
): Promise<RefChange> {
  const { mirror } = looking;
  const plain: RefChange = { ref, before, after, time: looking.context.now(), forced: false };
  if (after === undefined || !ref.startsWith('refs/heads/')) return plain;
  const time = await timeOfMove(looking, after);
  if (before === undefined) return { ...plain, time };
  const commits = await mirror.count(after, before, mostCounted);
  const forced = (await mirror.count(before, after, 1)) > 0;
  return { ...plain, time, forced, commits, truncated: commits === mostCounted };
}

/**
 * A branch was moved between the look before and this one: when its new commit was made, if that was
 * in between, else now. Git itself does not say.
 */
async function timeOfMove({ mirror, before = 0, context }: Looking, id: string): Promise<number> {
  const [now, made] = [context.now(), await mirror.timeOf(id)];
  return made >= before && made <= now ? made : now;
}

function sameRefs(one: Refs, other: Refs): boolean {
  return one.size === other.size && [...one].every(([ref, id]) => other.get(ref) === id);
}
