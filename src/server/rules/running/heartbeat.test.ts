import { expect, test } from 'vitest';
import { Heartbeat, heartbeatMemory, Watchdog } from './heartbeat.ts';

function watched(looks: number) {
  const memory = heartbeatMemory();
  const inside = new Heartbeat(memory);
  const outside = new Heartbeat(memory);
  const dog = new Watchdog(looks);
  return { inside, look: () => dog.look(outside.feel()) };
}

test('a turn that does not end is told once, with whose it is', () => {
  const { inside, look } = watched(3);
  inside.begin({ kind: 'rule', index: 7 });
  expect([look(), look(), look(), look(), look()]).toEqual([
    undefined,
    undefined,
    undefined,
    { kind: 'rule', index: 7, beats: 1 },
    undefined,
  ]);
});

test('turns that follow each other are fine, and so is a long silence', () => {
  const { inside, look } = watched(2);
  for (let i = 0; i < 10; i++) {
    inside.begin({ kind: 'rule', index: 7 });
    expect(look()).toBeUndefined();
  }
  inside.end();
  for (let i = 0; i < 10; i++) expect(look()).toBeUndefined();
});

test('who waits is not stuck', () => {
  const { inside, look } = watched(2);
  inside.begin({ kind: 'file', index: 0 });
  for (let i = 0; i < 10; i++) {
    inside.beat();
    expect(look()).toBeUndefined();
  }
});
