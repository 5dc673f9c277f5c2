import { said } from '../code/read-names.ts';
import { type ImportedFile, type Ref, defaultNamespace } from './imported.ts';
import type { Loose } from './loose.ts';

/** Whether a document is an application's own description. */
export const isTerritoryYaml = (top: Loose): boolean =>
  top.get('app').exists || top.get('needs').exists;

type Edge = ImportedFile['edges'][number];
type Node = ImportedFile['nodes'][number];

/**
 * The application of a `territory.yaml`, and what it needs: other applications by name, APIs as
 * `payments-api@1`, databases. A need with `~` before it, or `optional: true`, is soft.
 */
export function readTerritoryYaml(top: Loose): Omit<ImportedFile, 'faults'> {
  const app = top.get('app').text();
  if (app === undefined) {
    top.error('"app" is missing: the name of the application, as its events have it');
    return { nodes: [], edges: [], provides: [], titles: new Map() };
  }
  const ref = refOf('component', app);
  const node: Node = {
    ref,
    id: app,
    quadrant: 'production',
    kind: 'app',
    ...said({
      title: top.get('title').text(),
      description: top.get('description').text(),
      owner: top.get('owner').text(),
    }),
    names: { service: app, ...said({ repository: top.get('repository').text() }) },
    place: top.get('app').place,
  };
  const databases = top.get('database').entries();
  const provides = namesIn(top.get('provides')).map(({ name }) => ({
    api: refOf('api', name),
    by: ref,
  }));
  return {
    nodes: [node, ...databases.map(([name, value]) => databaseOf(name, value))],
    edges: edgesOf(ref, top),
    provides,
    titles: new Map(),
  };
}

function databaseOf(name: string, { place }: Loose): Node {
  return {
    ref: refOf('resource', name),
    id: name,
    quadrant: 'production',
    kind: 'database',
    names: { service: name },
    place,
  };
}

function edgesOf(from: Ref, top: Loose): Edge[] {
  const needs = namesIn(top.get('needs')).map(({ name, soft, place }): Edge => {
    const kind = soft ? 'soft' : 'hard';
    return { from, to: refOf('any', name), kind, place };
  });
  const databases = top.get('database').entries();
  return [
    ...needs,
    ...databases.map(([name, { place }]): Edge => {
      return { from, to: refOf('resource', name), kind: 'hard', place };
    }),
  ];
}

interface Named {
  readonly name: string;
  readonly soft: boolean;
  readonly place: Loose['place'];
}

/** `[shop, ~mail, payments-api@1]`, `[{name: mail, optional: true}]` or `{shop: …, mail: {optional: true}}` */
function namesIn(list: Loose): Named[] {
  if (list.isMap)
    return list.entries().flatMap(([name, value]) => named(name, value, value.get('optional')));
  return list.list().flatMap((one) => {
    const text = one.text() ?? one.get('name').text() ?? one.get('app').text();
    if (text === undefined) one.warn('a need is the name of what is needed; this one is left out');
    return text === undefined ? [] : named(text, one, one.get('optional'));
  });
}

function named(text: string, { place }: Loose, optional: Loose): Named[] {
  const name = text.replace(/^~\s*/, '').replace(/@.*$/, '').trim();
  const isTrue = optional.isTrue;
  return name === '' ? [] : [{ name, soft: text.startsWith('~') || isTrue, place }];
}

const refOf = (kind: string, name: string): Ref => `${kind}:${defaultNamespace}/${name}`;
