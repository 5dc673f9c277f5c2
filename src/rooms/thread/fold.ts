import type { PlacedEvent } from '../../event/codec.ts';
import { hashOf } from './event-index.ts';
import { isThat } from './find.ts';
import { forget } from './forget.ts';
import type { Evidence, ThreadGraph } from './graph.ts';
import { eventKey, identityKey } from './links-said.ts';
import { mentions } from './mentions.ts';
import { type Key, kindOf, nameOf } from './thing.ts';

/**
 * The graph with one fact more. Total: a fact that says nothing of threads changes nothing, and so
 * does one that came before. Facts may come in any order, as long as nothing had to be forgotten.
 */
export function fold(graph: ThreadGraph, event: PlacedEvent): void {
  const { about, edges } = mentions(event);
  const evidence: Evidence = { time: event.time, offset: event.offset };
  if (about !== undefined) tell(graph, event, { about, evidence });
  for (const { from, to, kind } of edges)
    graph.link(referred(graph, from), referred(graph, to), kind, evidence);
  graph.counters.folded++;
  if (graph.isFull) forget(graph);
}

/** Of what follows from two facts, so that it does not depend on which of them came first. */
const noTime: Evidence = { time: Number.POSITIVE_INFINITY, offset: 0 };

function tell(
  graph: ThreadGraph,
  { id, source }: PlacedEvent,
  { about, evidence }: { readonly about: Key; readonly evidence: Evidence },
): void {
  const slot = graph.slotOf(about);
  graph.tell(slot, evidence);
  graph.index.add(id, { slot, tag: hashOf(about), source: hashOf(source) });
  for (const name of [eventKey(id), identityKey(source, id)]) {
    const reference = graph.slots.get(name);
    if (reference !== undefined) graph.link(reference, slot, 'same', noTime);
  }
}

/** The slot of an edge's end; an event that was told of before is tied to what it was about. */
function referred(graph: ThreadGraph, key: Key): number {
  const known = graph.slots.get(key);
  if (known !== undefined) return known;
  const slot = graph.slotOf(key);
  if (kindOf(key) !== 'event') return slot;
  const name = nameOf(key);
  const tab = name.indexOf('\t');
  const source = tab < 0 ? undefined : hashOf(name.slice(0, tab));
  for (const found of graph.index.find(name.slice(tab + 1))) {
    if (found.slot === slot || !isThat(graph, found)) continue;
    if (source === undefined || source === found.source)
      graph.link(slot, found.slot, 'same', noTime);
  }
  return slot;
}
