import type { ManifestNeed } from '../releases/manifest/manifest.ts';
import { scalarOf } from '../map/code/yaml-words.ts';
import { type BundleFile, type Declared, madeBy } from './declared.ts';

interface Node {
  readonly id: string;
  readonly keys: Readonly<Record<string, string | boolean>>;
}

/** The application on the map, with what stands before it and what it needs. */
export function mapOf(declared: Declared): BundleFile {
  const { manifest, ready } = declared;
  const { app, owner, databases, needs } = manifest;
  const database = new Set(databases.flatMap(({ name }) => (name === app ? [] : [name])));
  const front = `${app}-front`;
  const nodes: Node[] = [
    { id: `${app}-users`, keys: { kind: 'actor', anchor: true } },
    ...(ready === undefined ? [] : [{ id: front, keys: { kind: 'load-balancer' } }]),
    {
      id: app,
      keys: {
        kind: 'app',
        service: app,
        ...(owner === undefined ? {} : { owner }),
        release: true,
        ...(ready === undefined ? {} : { check: `features/${app}.feature` }),
      },
    },
    ...[...database].map((name) => ({ id: name, keys: { kind: 'database', service: name } })),
    ...needs
      .filter(({ name }) => !database.has(name) && name !== app)
      .map(({ name }) => ({ id: name, keys: { kind: 'service', service: name } })),
  ];
  const known = nodes.filter(({ id }, i) => isId(id) && nodes.findIndex((n) => n.id === id) === i);
  const way = ready === undefined ? [`${app}-users`, app] : [`${app}-users`, front, app];
  const edges = [
    way.join(' -> '),
    ...[...database].map((name) => `${app} => ${name}`),
    ...needs.filter(({ name }) => !database.has(name) && name !== app).map(edgeOf(app)),
  ].filter((edge) => edge.split(/ \S+ /).every((id) => known.some((node) => node.id === id)));
  const text = `# ${madeBy(declared)}
# A map of its own. To have it beside others, paste what is below nodes and edges, or import territory.yaml.
schema: territory.map/1
title: ${scalarOf(app)}
nodes:
${known.map(lineOf).join('\n')}
edges:
${[...new Set(edges)].map((edge) => `  - ${edge}`).join('\n')}
`;
  return { path: 'map/map.yaml', text, what: 'the application on the map' };
}

/** What may be a node without quotes anywhere; another name is left out. */
const isId = (id: string): boolean => /^[A-Za-z0-9_][\w./-]*$/.test(id);

const edgeOf =
  (app: string) =>
  ({ name, soft }: ManifestNeed): string =>
    `${app} ${soft ? '~>' : '=>'} ${name}`;

function lineOf({ id, keys }: Node): string {
  const all = Object.entries({ quadrant: 'production', ...keys });
  const pairs = all.map(
    ([key, value]) => `${key}: ${typeof value === 'string' ? scalarOf(value) : value}`,
  );
  return `  ${scalarOf(id)}: {${pairs.join(', ')}}`;
}
