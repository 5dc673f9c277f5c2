import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlacedEvent } from '../../event/codec.ts';
import type { Draft } from '../../event/event.ts';
import { redirectsSource } from './facts.ts';
import { type RedirectsCommand, mapNamed, redirectsRoom } from './room.ts';
import { type RedirectsState, foldRedirects, maxMaps, startRedirects } from './state.ts';

const said = { bytes: 10, rows: 3, redirects: 2, gone: 1, errors: 0, warnings: 1 };
const importing = (name: string, sha256: string): RedirectsCommand => ({
  kind: 'import',
  name,
  counted: { sha256, ...said },
});
const verifying = (name: string, revision: number, wrong = 0): RedirectsCommand => ({
  kind: 'verified',
  name,
  revision,
  seen: {
    environment: 'staging',
    own: false,
    total: 3,
    ok: 3 - wrong,
    wrong,
    unknown: 0,
    seconds: 0.5,
  },
  byStatus: { 301: 2, 410: 1 },
});

function placed(draft: Draft, offset: number): PlacedEvent {
  const event = { id: String(offset), source: redirectsSource, time: 0, ...draft };
  return { ...event, received: 0, stream: 'facts', offset } as PlacedEvent; // as the log gives it
}

/** Carries commands out, one after the other, and gives the facts. */
function play(commands: readonly RedirectsCommand[]): { state: RedirectsState; facts: Draft[] } {
  const facts: Draft[] = [];
  let state = startRedirects();
  for (const [i, command] of commands.entries()) {
    const context = { now: i, actor: 'ada', id: `c${i}` };
    const fact = redirectsRoom.decide(state, command, context);
    if (!fact) continue;
    facts.push(fact);
    state = foldRedirects(state, placed(fact, facts.length));
  }
  return { state, facts };
}

test('a map is imported, verified, imported anew, removed', () => {
  const first = play([importing('web', 'a'), verifying('web', 1, 2)]);
  expect(mapNamed(first.state, 'web')).toMatchObject({
    revision: 1,
    sha256: 'a',
    by: 'ada',
    at: 0,
    ...said,
    verified: { at: 1, environment: 'staging', total: 3, ok: 1, wrong: 2, seconds: 0.5 },
  });
  expect(first.facts).toMatchObject([
    { type: 'dev.cdeventsx.territory-redirectmap.imported.0.1.0', subject: 'redirectmap/web' },
    { type: 'dev.cdeventsx.territory-redirectmap.verified.0.1.0', state: 'critical', metric: 2 },
  ]);
  const again = play([importing('web', 'a'), verifying('web', 1), importing('web', 'b')]);
  expect(mapNamed(again.state, 'web')).toMatchObject({ revision: 2, verified: undefined });
  const removed = play([
    importing('web', 'a'),
    { kind: 'remove', name: 'web' },
    importing('web', 'a'),
  ]);
  expect(mapNamed(removed.state, 'web').revision).toBe(2);
});

test('the same rows again, and a run of older rows, are no change', () => {
  const { facts } = play([
    importing('web', 'a'),
    importing('web', 'a'),
    importing('web', 'b'),
    verifying('web', 1),
    verifying('other', 1),
  ]);
  expect(facts).toHaveLength(2);
});

describe('is refused', () => {
  test.each(['', 'a b', '../x', '..', 'x'.repeat(101), 'ä'])('the name %j', (name) => {
    expect(() => play([importing(name, 'a')])).toThrow(/a name has 1 to 100 letters/);
  });

  test('a map without rows, one too many, one that is not there', () => {
    const empty = { sha256: 'a', ...said, rows: 0 };
    expect(() => play([{ kind: 'import', name: 'web', counted: empty }])).toThrow(
      'the map has no row',
    );
    const many = Array.from({ length: maxMaps }, (_, i) => importing(`m${i}`, 'a'));
    expect(() => play([...many, importing('one-more', 'a')])).toThrow(`${maxMaps} maps stand`);
    expect(play([...many, importing('m7', 'b')]).facts).toHaveLength(maxMaps + 1);
    expect(() => play([{ kind: 'remove', name: 'web' }])).toThrow('there is no redirect map web');
  });
});

const command = fc.oneof(
  fc
    .tuple(fc.constantFrom('a', 'b'), fc.constantFrom('1', '2', '3'))
    .map(([name, sha]) => importing(name, sha)),
  fc
    .tuple(fc.constantFrom('a', 'b'), fc.nat(4))
    .map(([name, revision]) => verifying(name, revision)),
  fc.constantFrom('a', 'b').map((name): RedirectsCommand => ({ kind: 'remove', name })),
);

test('replayed facts give the same state; revisions only grow', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
      let state = startRedirects();
      const facts: PlacedEvent[] = [];
      const last = new Map<string, number>();
      for (const [i, one] of commands.entries()) {
        let fact: Draft | undefined;
        try {
          fact = redirectsRoom.decide(state, one, { now: i, actor: 'ada', id: `c${i}` });
        } catch {
          continue;
        }
        if (!fact) continue;
        facts.push(placed(fact, facts.length + 1));
        state = foldRedirects(state, placed(fact, facts.length));
        const before = last.get(one.name) ?? 0;
        const { revision = before } = state.maps.get(one.name) ?? {};
        expect(revision).toBe(one.kind === 'import' ? before + 1 : before);
        last.set(one.name, revision);
      }
      expect(facts.reduce(foldRedirects, startRedirects())).toEqual(state);
    }),
  );
});
