import { type Indexed, hashOf } from './event-index.ts';
import type { ThreadGraph } from './graph.ts';
import { isSha, plainName, repositoryName, ticketKey } from './names.ts';
import { commitsBy, mainName, namesOf } from './same.ts';
import { type Key, asKey, isHub, nameOf } from './thing.ts';

/** More matches are not given: the text says too little. */
export const maxMatches = 50;
/** Things that are looked through for suggestions, the newest slots first. */
const maxSuggesting = 50_000;
const maxSuggestions = 5;

/**
 * The things that a text may mean, the likeliest first; one when it is clear. Takes keys
 * (`commit/<sha>`), commits of seven characters and more, tags, numbers (`#12`, `shop#12`), ids,
 * addresses of changes, issues and commits, and ids of events.
 */
export function findThings(graph: ThreadGraph, text: string): number[] {
  const name = plainName(text);
  if (name === undefined) return [];
  const exact = graph.slots.get(asKey(name) ?? 'event/');
  if (exact !== undefined) return episodes(graph, exact);
  const found = new Set<number>();
  for (const slot of [...candidates(graph, name), ...told(graph, name)])
    if (graph.kindAt(slot) !== 'chain') found.add(mainName(graph, namesOf(graph, slot)));
  const ranked = ranking(graph, [...found]);
  const first = ranked[0];
  return ranked.length === 1 && first !== undefined
    ? episodes(graph, first)
    : ranked.slice(0, maxMatches);
}

function candidates(graph: ThreadGraph, name: string): number[] {
  const commits = isSha(name) ? commitsBy(graph, name.toLowerCase()) : [];
  if (commits.length > 0) return commits;
  const plain = fromAddress(name) ?? name;
  const low = plain.toLowerCase();
  const shorts = new Set([
    low,
    low.slice(low.lastIndexOf('/') + 1),
    low.slice(low.lastIndexOf('#') + 1),
    low.slice(low.lastIndexOf('@') + 1),
  ]);
  const sha = isSha(plain) ? commitsBy(graph, low) : [];
  return [...sha, ...[...shorts].flatMap((short) => named(graph, short, low))];
}

/** Things with the short name whose whole name ends in what was asked for. */
function named(graph: ThreadGraph, short: string, asked: string): number[] {
  const found: number[] = [];
  for (const slot of graph.named(short)) {
    const whole = nameOf(graph.keyAt(slot)).toLowerCase();
    const tail = asked.replace(/^[#!@]/, '');
    if (!whole.endsWith(tail)) continue;
    const before = whole[whole.length - tail.length - 1];
    if (before === undefined || '/#@:!\t '.includes(before)) found.push(slot);
    if (found.length > maxMatches * 4) break;
  }
  return found;
}

/** `https://github.com/acme/shop/pull/12` is `github.com/acme/shop#12`, `…/commit/<sha>` the commit. */
function fromAddress(text: string): string | undefined {
  if (!/^https?:\/\//i.test(text)) return undefined;
  const numbered = ticketKey(text, '');
  if (numbered !== undefined && /#\d+$/.test(numbered)) return nameOf(numbered);
  const [, sha] = /\/commits?\/([0-9a-f]{7,64})\b/i.exec(text) ?? [];
  if (sha !== undefined) return sha;
  const [, place, tag] =
    /^https?:\/\/(.+?)(?:\/-)?\/(?:releases\/tag|releases|tags|tree)\/([^?#]+)/i.exec(text) ?? [];
  return place === undefined ? repositoryName(text) : `${place}@${tag}`;
}

/** Whether what an event was about still stands in its slot. */
export function isThat(graph: ThreadGraph, { slot, tag }: Indexed): boolean {
  const key = graph.keys[slot];
  return key !== undefined && hashOf(key) === tag;
}

/** What an event with this id is about. */
function told(graph: ThreadGraph, id: string): number[] {
  return graph.index.find(id).flatMap((entry) => (isThat(graph, entry) ? [entry.slot] : []));
}

/** Hubs last, else the newest first; what follows from another match is found through that one. */
function ranking(graph: ThreadGraph, slots: readonly number[]): number[] {
  const things = slots.filter((slot) => !isHub(graph.kindAt(slot)));
  const kept = things.length > 0 ? things : slots;
  const all = new Set(kept);
  const roots = kept.filter(
    (slot) =>
      ![...graph.incoming(slot)].some(({ from, kind }) => all.has(from) && kind !== 'parent'),
  );
  const age = (slot: number): number =>
    Math.max(graph.things.lastTime[slot] ?? 0, graph.seenAt(slot));
  return (roots.length > 0 ? roots : [...kept]).sort(
    (a, b) => age(b) - age(a) || (graph.keyAt(a) < graph.keyAt(b) ? -1 : 1),
  );
}

/** An alert stands for the times that it opened: the only one, or all of them, the newest first. */
function episodes(graph: ThreadGraph, slot: number): number[] {
  if (graph.kindAt(slot) !== 'condition') return [slot];
  const opened = [...graph.incoming(slot)].filter(({ kind }) => kind === 'at');
  const newest = opened.sort((a, b) => b.evidence.time - a.evidence.time).map(({ from }) => from);
  return newest.length === 0 ? [slot] : newest.slice(0, maxMatches);
}

/** Names that are like a text that means nothing: to be offered. */
export function suggestions(graph: ThreadGraph, text: string): Key[] {
  const asked = text.trim().toLowerCase();
  const found: Key[] = [];
  const end = Math.max(0, graph.usedThings - maxSuggesting);
  for (let slot = graph.usedThings - 1; slot > end && found.length < maxSuggestions; slot--) {
    const key = graph.keys[slot];
    if (key === undefined || key.startsWith('event/') || key.startsWith('chain/')) continue;
    const name = nameOf(key).toLowerCase();
    if (asked.length > 1 && (name.includes(asked) || shares(name, asked))) found.push(key);
  }
  return found;
}

/** Whether both begin or end alike in most of what was asked for. */
function shares(name: string, asked: string): boolean {
  const most = Math.ceil(asked.length * 0.7);
  if (most < 4) return false;
  return name.includes(asked.slice(0, most)) || name.includes(asked.slice(-most));
}
