import type { PlacedEvent } from '../../event/codec.ts';
import { isRecord } from '../../event/json.ts';
import type { Log } from '../../log/log.ts';
import { commitsApart } from '../../rooms/releases/diff/commits-apart.ts';
import type { CommitFact, CommitFacts } from '../../rooms/releases/diff/commits.ts';
import { nameOf } from '../../rooms/thread/thing.ts';
import type { ThreadFollower } from '../thread/follower.ts';
import { readFacts } from '../thread/facts.ts';

/** The commits between two as the facts on the log tell of them; undefined when they do not. */
export async function commitsTold(
  { follower, log }: { readonly follower: ThreadFollower; readonly log: Log },
  from: string,
  to: string,
): Promise<CommitFacts | undefined> {
  if (!follower.ready) return undefined;
  const { graph } = follower;
  const apart = commitsApart(graph, from, to);
  if (!apart) return undefined;
  const offsetOf = (slot: number): number => graph.things.firstOffset[slot] ?? 0;
  const facts = await readFacts(log, [...apart.added, ...apart.removed].map(offsetOf));
  const tell = (slot: number): CommitFact =>
    commitOf(nameOf(graph.keyAt(slot)), facts.get(offsetOf(slot)));
  return { added: apart.added.map(tell), removed: apart.removed.map(tell), source: null };
}

/** As facts of a repository have them: docs/guides/import-git.md. */
function commitOf(sha: string, fact: PlacedEvent | undefined): CommitFact {
  const data = isRecord(fact?.data) ? fact.data : {};
  const author = isRecord(data['author']) ? data['author'] : {};
  const time = author['time'];
  return {
    sha,
    author: typeof author['name'] === 'string' ? author['name'] : 'unknown',
    time: typeof time === 'string' ? time : new Date(fact?.time ?? 0).toISOString(),
    title: typeof data['title'] === 'string' ? data['title'] : '',
    body: '',
  };
}
