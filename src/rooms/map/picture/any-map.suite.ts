import fc from 'fast-check';
import { emptyMap, type MapModel, quadrants } from '../model.ts';

const word = fc.constantFrom('a', 'b', 'c', 'web', 'db', 'x-1', 'x-2');
const anyNode = fc.record({
  quadrant: fc.constantFrom(...quadrants),
  kind: fc.constantFrom('app', 'database', 'role'),
  group: fc.option(word, { nil: undefined }),
  owner: fc.option(word, { nil: undefined }),
  anchor: fc.boolean(),
});

/** Any map of at most so many nodes: what is drawn depends on these fields only. */
export const anyMap = (nodes: number): fc.Arbitrary<MapModel> =>
  fc
    .tuple(
      fc.array(anyNode, { minLength: 1, maxLength: nodes }),
      fc.array(fc.tuple(fc.nat(400), fc.nat(400), fc.constantFrom('flow', 'hard', 'soft')), {
        maxLength: 120,
      }),
    )
    .map(([nodes, ends]): MapModel => {
      const ids = nodes.map((_, at) => `n${at}`);
      const place = { file: '', line: 1, column: 1 };
      const rest = { release: false, roles: [], mix: {}, limits: [], links: [], names: {}, place };
      const edges = ends.map(([a, b, kind], at) => ({
        id: `e${at}`,
        from: ids[a % ids.length] ?? '',
        to: ids[b % ids.length] ?? '',
        kind: kind as 'flow', // one of the kinds
        place,
      }));
      return {
        ...emptyMap,
        nodes: new Map(
          nodes.map(({ group, owner, ...node }, at) => {
            const id = `n${at}`;
            const given = { ...(group && { group }), ...(owner && { owner }) };
            return [id, { id, title: id, ...node, ...given, ...rest }];
          }),
        ),
        edges,
      };
    });
