import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeKinds } from '../kinds.ts';
import { bindingKeys, quadrants } from '../model.ts';
import { iconOf } from '../picture/shapes.ts';
import { compileMap } from './compile.ts';
import { mapPage } from './map-text.suite.ts';

/** The keys that a fault names where a key is like none of them. */
function keysAt(text: string): string[] {
  const { faults } = compileMap({ file: 'map.yaml', text });
  const [, keys = ''] =
    faults
      .map(({ message }) => /^there is no "zzzzzz" in [^:]*: (.*)$/.exec(message))
      .find(Boolean) ?? [];
  return keys.split(', ');
}

describe('docs/formats/map.md has', () => {
  const head = 'schema: territory.map/1\n';
  test.each([
    ['of the whole', `${head}zzzzzz: 1`, 'schema'],
    ['of nodes', `${head}nodes: {a: {zzzzzz: 1}}`, 'quadrant'],
    ['of limits', `${head}nodes: {a: {limits: [{zzzzzz: 1}]}}`, 'metric'],
    ['of processes', `${head}processes: {a: {zzzzzz: 1}}`, 'criticality'],
    ['of measures', `${head}processes: {a: {observed: {zzzzzz: 1}}}`, 'sli'],
    ['of streams', `${head}streams: {a: {zzzzzz: 1}}`, 'item'],
    ['of stages', `${head}streams: {a: {stages: [{zzzzzz: 1}]}}`, 'exit'],
    ['of what comes back', `${head}streams: {a: {back: [{zzzzzz: 1}]}}`, 'blames'],
    ['of bindings', `${head}bind: [{zzzzzz: 1}]`, 'match'],
  ])('every key %s', (_, text, known) => {
    const keys = keysAt(text);
    expect(keys).toContain(known);
    const missing = keys.filter((key) => !new RegExp(`[\`{ ]${key}[\`:]`).test(mapPage));
    expect(missing).toEqual([]);
  });

  test('every quadrant, kind and key of bindings', () => {
    for (const word of [...quadrants, ...nodeKinds, ...bindingKeys])
      expect(mapPage).toContain(`\`${word}\``);
  });
});

/** What a part of a map lacks, since the rest of it is not there. */
const lacking =
  /^(there is no node|no id of a node|production has no anchor|"quadrant"|"kind"|\S+ is not there)/;

test('the parts of docs/guides/draw-the-map.md are parts of a map', () => {
  const file = join(import.meta.dirname, '../../../../docs/guides/draw-the-map.md');
  const parts = [...readFileSync(file, 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)];
  expect(parts.length).toBeGreaterThan(4);
  for (const [, part = ''] of parts) {
    const { faults } = compileMap({ file: 'map.yaml', text: `schema: territory.map/1\n${part}` });
    expect(faults.filter(({ message }) => !lacking.test(message))).toEqual([]);
  }
});

test('every kind that is known has a picture of its own', () => {
  expect(nodeKinds.filter((kind) => iconOf(kind) === iconOf('nothing of the kind'))).toEqual([]);
});
