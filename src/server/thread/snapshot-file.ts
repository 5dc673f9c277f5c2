import { isRecord } from '../../event/json.ts';
import type { Bounds, ThreadGraph } from '../../rooms/thread/graph.ts';
import { type Part, graphFrom, snapshotOf } from '../../rooms/thread/snapshot.ts';
import { readParts, writeParts } from '../parts-file.ts';

const head = Buffer.from('TERR threads\n');

/** Up to where a graph has the facts, and what the last of them was: another log has another. */
export interface Reached {
  /** Offset of the first fact that is not in it. */
  readonly next: number;
  /** Source and id of the fact before. */
  readonly last: string;
}

/**
 * Writes a graph down in the place of the one before; a kill leaves one of the two. In a file and not
 * in the log's notes, which are for small things. Others get their turn between its parts.
 */
export async function writeSnapshot(
  path: string,
  graph: ThreadGraph,
  reached: Reached,
): Promise<void> {
  await writeParts(path, head, partsOf(graph, reached));
}

function* partsOf(graph: ThreadGraph, reached: Reached): Generator {
  yield reached;
  yield* snapshotOf(graph);
}

/** What was written; undefined when there is none, or it can not be used as it is. */
export async function readSnapshot(
  path: string,
  bounds: Bounds,
): Promise<{ readonly graph: ThreadGraph; readonly reached: Reached } | undefined> {
  try {
    const [first, ...parts] = await readParts(path, head);
    if (!isReached(first)) return undefined;
    const graph = graphFrom(parts as Part[], bounds); // the sum says that they are what was written
    return graph && { graph, reached: first };
  } catch {
    // It only saves time: the facts are all on the log.
    return undefined;
  }
}

function isReached(value: unknown): value is Reached {
  return isRecord(value) && typeof value['next'] === 'number' && typeof value['last'] === 'string';
}
