import { said } from '../code/read-names.ts';
import { type ImportedFile, type Ref, defaultNamespace } from './imported.ts';
import type { Loose } from './loose.ts';
import { repositoryIn } from './repository.ts';

/** Whether a document is an entity of a Backstage catalogue. */
export const isBackstage = (top: Loose): boolean =>
  top.get('apiVersion').text()?.startsWith('backstage.io/') === true ||
  (top.get('kind').exists && top.get('metadata', 'name').exists);

type Node = ImportedFile['nodes'][number];
type Edge = ImportedFile['edges'][number];

/** What is drawn, and as what; the types are free words, these are the ones of Backstage's pages. */
const kinds: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  component: { website: 'web', service: 'app' },
  resource: {
    database: 'database',
    cache: 'cache',
    queue: 'queue',
    topic: 'queue',
    'message-broker': 'queue',
    's3-bucket': 'storage',
    bucket: 'storage',
    storage: 'storage',
    cluster: 'cluster',
    'kubernetes-cluster': 'cluster',
    cdn: 'cdn',
    'load-balancer': 'load-balancer',
    'search-index': 'search',
  },
  api: {},
};
const otherwise: Readonly<Record<string, string>> = {
  component: 'app',
  resource: 'system',
  api: 'api',
};

/**
 * One entity of a `catalog-info.yaml` (Backstage, "Descriptor Format of Catalog Entities"). A
 * Component and a Resource are nodes, their system is the group; a library does not run and is none.
 * An API is who provides it, and a node only where nobody does. Groups and users give their names as
 * owners. All else is left alone.
 */
export function readBackstage(top: Loose): Omit<ImportedFile, 'faults'> {
  const kind = top.get('kind').word() ?? '';
  const name = top.get('metadata', 'name').text();
  if (name === undefined) {
    top.error('"metadata.name" is missing');
    return nothing;
  }
  const namespace = top.get('metadata', 'namespace').word() ?? defaultNamespace;
  const ref: Ref = `${kind}:${namespace}/${name}`;
  if (kind === 'group' || kind === 'user') return { ...nothing, titles: titleOf(top, ref) };
  const spec = top.get('spec');
  const type = spec.get('type').word() ?? '';
  const isLibrary = kind === 'component' && type === 'library';
  if (!Object.hasOwn(kinds, kind) || isLibrary) return nothing;
  const about = { ref, namespace, spec };
  return {
    ...nothing,
    nodes: [nodeOf(top, { kind, type, name, ...about })],
    edges: edgesOf(about),
    provides: refsIn(about, 'providesApis', 'api').map(({ to }) => ({ api: to, by: ref })),
  };
}

const nothing = { nodes: [], edges: [], provides: [], titles: new Map<Ref, string>() };

function titleOf(top: Loose, ref: Ref): ReadonlyMap<Ref, string> {
  const title = top.get('spec', 'profile', 'displayName').text();
  const named = title ?? top.get('metadata', 'title').text();
  return new Map(named === undefined ? [] : [[ref, named]]);
}

interface About {
  readonly ref: Ref;
  readonly namespace: string;
  readonly spec: Loose;
}

interface Entity extends About {
  readonly kind: string;
  readonly type: string;
  readonly name: string;
}

function nodeOf(top: Loose, { ref, kind, type, name, namespace, spec }: Entity): Node {
  const metadata = top.get('metadata');
  const known = kinds[kind] ?? {};
  const system = spec.get('system').text();
  const lifecycle = spec.get('lifecycle').text();
  const annotations = metadata.get('annotations').entries();
  return {
    ref,
    id: namespace === defaultNamespace ? name : `${namespace}/${name}`,
    quadrant: 'production',
    kind: (Object.hasOwn(known, type) ? known[type] : undefined) ?? otherwise[kind] ?? 'app',
    ...said({
      title: metadata.get('title').text(),
      description: metadata.get('description').text(),
      owner: spec.get('owner').text(),
      group: system === undefined ? undefined : plainName(system),
      comment: lifecycle === undefined ? undefined : `lifecycle: ${lifecycle}`,
    }),
    names: {
      ...(kind !== 'api' && { service: name }),
      ...said({ repository: repositoryIn(annotations.map(([of, at]) => [of, at.text()])) }),
    },
    place: metadata.get('name').place,
  };
}

function edgesOf(about: About): Edge[] {
  const { ref } = about;
  const needs = [
    ...refsIn(about, 'dependsOn', 'component'),
    ...refsIn(about, 'consumesApis', 'api'),
  ];
  const neededBy = [
    ...refsIn(about, 'dependencyOf', 'component'),
    // A part that does not work is a whole that does not.
    ...refsIn(about, 'subcomponentOf', 'component'),
  ];
  return [
    ...needs.map(({ to, place }): Edge => ({ from: ref, to, kind: 'hard', place })),
    ...neededBy.map(({ to, place }): Edge => ({ from: to, to: ref, kind: 'hard', place })),
  ];
}

function refsIn({ spec, namespace }: About, field: string, kind: string) {
  return spec
    .get(field)
    .list()
    .flatMap((one) => {
      const text = one.text();
      const to = text === undefined ? undefined : parseRef(text, { kind, namespace });
      if (to === undefined) one.warn(`this is no reference to an entity, such as ${kind}:shop`);
      return to === undefined ? [] : [{ to, place: one.place }];
    });
}

const reference = /^(?:([A-Za-z][\w-]*):)?(?:([\w.-]+)\/)?([\w.-]+)$/;

/** `[kind:][namespace/]name`; Backstage, "References". */
function parseRef(
  text: string,
  { kind, namespace }: { readonly kind: string; readonly namespace: string },
): Ref | undefined {
  const found = reference.exec(text);
  if (!found) return undefined;
  const [, ofKind = kind, within = namespace, name = ''] = found;
  return `${ofKind.toLowerCase()}:${within.toLowerCase()}/${name}`;
}

/** The ref of an owner: a group, if nothing else is said. */
export const ownerRef = (text: string): Ref | undefined =>
  parseRef(text, { kind: 'group', namespace: defaultNamespace });

/** The last part of a reference, for people. */
export const plainName = (text: string): string => reference.exec(text)?.[3] ?? text;
