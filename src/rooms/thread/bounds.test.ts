import { describe, expect, test } from 'vitest';
import { findThings } from './find.ts';
import { fold } from './fold.ts';
import { ThreadGraph } from './graph.ts';
import { commit, facts, type Fields, follow, graphOf, story, told } from './thread.suite.ts';
import { threadOf } from './walk.ts';

describe('what is bounded', () => {
  test('the oldest without links are forgotten first, then the oldest', () => {
    const lone = Array.from({ length: 40 }, (_, at) => commit(String(at).padStart(40, 'a')));
    const bounds = { things: 60, edges: 200, events: 30 };
    const graph = graphOf(facts([...story, ...lone]), bounds);
    expect(graph.counters.forgottenThings).toBe(0);
    const more = Array.from({ length: 400 }, (_, at) => commit(String(at).padStart(40, 'b')));
    const full = graphOf(facts([...story, ...lone, ...more]), bounds);
    expect(full.thingCount).toBeLessThanOrEqual(60);
    expect(full.counters.forgottenThings).toBeGreaterThan(300);
    expect(findThings(full, String(0).padStart(40, 'a'))).toEqual([]);
    expect(told(follow(full, 'INC-42')).up).toHaveLength(6);
    expect(full.index.count).toBeLessThanOrEqual(60);
    expect(full.index.forgotten).toBeGreaterThan(300);
  });

  test('a thing that leads to too many is shown and not gone through', () => {
    const commits = Array.from({ length: 150 }, (_, at) =>
      commit(String(at).padStart(40, 'c'), [], { trailers: { Refs: 'EPIC-1' } }),
    );
    const asked: Fields = {
      type: 'dev.cdeventsx.crm-case.linked.0.1.0',
      subject: 'case/CASE-9',
      attributes: { 'case.id': 'CASE-9', 'ticket.id': 'EPIC-1' },
    };
    const graph = graphOf(facts([...commits, asked]));
    const thread = follow(graph, 'CASE-9');
    expect(told(thread).down).toEqual(['ticket/EPIC-1']);
    expect(thread.things.find(({ kind }) => kind === 'ticket')?.leftOut).toBe(150);
    expect(follow(graph, 'EPIC-1').things).toHaveLength(152);
    expect(told(follow(graph, String(7).padStart(40, 'c'))).up).toEqual([
      'ticket/EPIC-1',
      'case/CASE-9',
    ]);
  });

  test('what was forgotten is not mistaken for what took its place', () => {
    const graph = new ThreadGraph({ things: 20, edges: 40, events: 1_000 });
    const events = facts(
      Array.from({ length: 60 }, (_, at) => commit(String(at).padStart(40, 'd'))),
    );
    for (const event of events) fold(graph, event);
    for (const { id } of events)
      for (const slot of findThings(graph, id))
        expect(graph.keyAt(slot)).toBe(`commit/${id.slice('commit/'.length)}`);
    expect(threadOf(graph, findThings(graph, events[59]?.id ?? '')[0] ?? 0).things).toHaveLength(1);
  });
});

test('a card is followed to the case that came of it, and the case back to the card', () => {
  const named = (type: string, id: string, attributes: Record<string, string>): Fields => {
    return { type: `dev.cdeventsx.desk-${type}.0.1.0`, subject: id, attributes };
  };
  const graph = graphOf(
    facts([
      named('case.opened', 'case/CASE-3', { 'case.id': 'CASE-3', 'incident.id': 'INC-9' }),
      named('incident.opened', 'INC-9', { 'incident.id': 'INC-9', 'deployment.id': 'D-12' }),
      named('deployment.finished', 'D-12', {
        'deployment.id': 'D-12',
        'vcs.ref.head.revision': 'c'.repeat(40),
      }),
      {
        ...commit('c'.repeat(40)),
        attributes: { 'vcs.ref.head.revision': 'c'.repeat(40), 'card.id': 'CARD-1' },
      },
    ]),
  );
  const way = ['card/CARD-1', 'commit/c', 'deployment/D-12', 'incident/INC-9', 'case/CASE-3'];
  expect(new Set(told(follow(graph, 'card-1')).down)).toEqual(new Set(way.slice(1)));
  expect(new Set(told(follow(graph, 'CASE-3')).up)).toEqual(new Set(way.slice(0, -1)));
});
