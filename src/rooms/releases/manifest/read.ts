import { readYaml } from '../../map/code/yaml-text.ts';
import type { MapFault } from '../../map/model.ts';
import { Field } from './field.ts';
import type { Api, Manifest, ManifestDatabase, ManifestNeed, Strategy } from './manifest.ts';
import { readWindows } from './windows.ts';

/** What is wrong with a file, with line and column. */
export type Fault = MapFault;

/** A manifest, when there is no error among the faults. */
export interface ReadManifest {
  readonly manifest: Manifest | undefined;
  readonly faults: readonly Fault[];
}

const names = [
  'app',
  'type',
  'start',
  'port',
  'health',
  'owner',
  'provides',
  'needs',
  'build',
  'database',
  'config',
  'smoke',
  'strategy',
  'promote',
  'windows',
  // The map reads these of the same file.
  'title',
  'description',
  'repository',
];

/** Seconds that a build may take unless `build.limit` says otherwise. */
const defaultLimit = 900;
const mostLimit = 86_400;
/** The name of an application: it becomes the name of a folder, and the service of events. */
export const appName = /^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$/i;

/** Reads `territory.yaml`. Never throws: what is wrong is a fault at its place. */
export function readManifest(file: string, text: string): ReadManifest {
  const { field, faults } = topOf(file, text);
  if (field?.exists !== true) {
    const empty: Fault = {
      severity: 'error',
      message: 'the file is empty',
      file,
      line: 1,
      column: 1,
    };
    return { manifest: undefined, faults: faults.length > 0 ? faults : [empty] };
  }
  field.known(names);
  const manifest = manifestOf(field);
  const isBad = (): boolean => faults.some(({ severity }) => severity === 'error');
  if (!manifest && !isBad())
    field.error('"app" is missing: the name of the application, as its events have it');
  return { manifest: isBad() ? undefined : manifest, faults };
}

/** The first document of a text as a field, and the faults that reading it gathers. */
export function topOf(
  file: string,
  text: string,
): { readonly field?: Field; readonly faults: readonly Fault[] } {
  const { reader, documents } = readYaml(file, text);
  const [document] = documents;
  if (!document) return { faults: reader.faults };
  reader.document = document;
  const field = new Field(reader, document.contents, { name: file, offset: 0 });
  return { field, faults: reader.faults };
}

function manifestOf(top: Field): Manifest | undefined {
  const app = top.get('app').text();
  if (app !== undefined && !appName.test(app))
    top.get('app').error('"app" has letters, digits, ".", "_" and "-", at most 63 of them');
  const health = top.get('health').known(['ready', 'version']);
  const build = top.get('build').known(['run', 'include', 'limit']);
  const promote = top.get('promote').known(['order', 'auto']);
  const config = top.get('config').known(['keys']);
  const manifest = {
    type: top.get('type').oneOf(['node', 'procfile', 'bare']) ?? 'bare',
    start: top.get('start').text(),
    port: top.get('port').whole(1, 65_535),
    health: { ready: pathOf(health.get('ready')), version: pathOf(health.get('version')) },
    owner: top.get('owner').text(),
    provides: top.get('provides').list().flatMap(apiOf),
    needs: needsOf(top.get('needs')),
    build: {
      run: build.get('run').text(),
      include: globsOf(build.get('include')),
      limit: limitOf(build.get('limit')),
    },
    databases: databasesOf(top.get('database')),
    keys: fileOf(config.get('keys')),
    smoke: globsOf(top.get('smoke')),
    strategy: strategyOf(top.get('strategy')),
    promote: { order: promote.get('order').texts(), auto: promote.get('auto').texts() },
    windows: readWindows(top.get('windows')),
  };
  for (const one of promote.get('auto').list())
    if (manifest.promote.order.length > 0 && !manifest.promote.order.includes(one.text() ?? ''))
      one.error(`"${one.text()}" is not one of the environments in "order"`);
  return app === undefined ? undefined : { app, ...manifest };
}

function limitOf(field: Field): number {
  const limit = field.seconds() ?? defaultLimit;
  if (limit < 1 || limit > mostLimit) field.error('"limit" is a time from 1s to 24h');
  return limit;
}

function pathOf(field: Field): string | undefined {
  const path = field.text();
  if (path !== undefined && !path.startsWith('/'))
    field.error(`"${field.name}" is a path on the application's own port and begins with "/"`);
  return path;
}

/** A file or folder of the repository, from the folder of the manifest; never one outside of it. */
function fileOf(field: Field): string | undefined {
  const path = field.text()?.replace(/^\.\//, '').replace(/\/+$/, '');
  if (path === undefined) return undefined;
  if (path.startsWith('/') || path.split('/').includes('..'))
    field.error(`"${path}" is not below the folder of this file`);
  return path;
}

const globsOf = (field: Field): readonly string[] =>
  field.list().flatMap((one) => fileOf(one) ?? []);

function apiOf(field: Field): Api[] {
  if (!field.isMap) {
    const [name, version] = splitVersion(field.text() ?? '');
    return name === '' ? [] : [{ name, version, file: undefined }];
  }
  field.known(['name', 'version', 'file']);
  const said = field.get('name').text();
  if (said === undefined) field.error('an API that is provided has a name');
  const [name, version] = splitVersion(said ?? '');
  const file = fileOf(field.get('file'));
  return name === '' ? [] : [{ name, version: field.get('version').text() ?? version, file }];
}

/** As the map reads them: a list of names, of mappings with a name, or a mapping by name. */
function needsOf(field: Field): ManifestNeed[] {
  const from = (text: string | undefined, optional: Field): ManifestNeed[] => {
    const [name, version] = splitVersion((text ?? '').replace(/^~\s*/, ''));
    const soft = (text ?? '').startsWith('~') || optional.flag() === true;
    return name === '' ? [] : [{ name, version, soft }];
  };
  if (field.isMap)
    return field.entries().flatMap(([name, value]) => from(name, value.get('optional')));
  return field.list().flatMap((one) => {
    if (!one.isMap) return from(one.text(), one.get('optional'));
    one.known(['name', 'app', 'optional']);
    const text = one.get('name').text() ?? one.get('app').text();
    if (text === undefined) one.error('a need has the name of what is needed');
    return from(text, one.get('optional'));
  });
}

function splitVersion(text: string): [name: string, version: string | undefined] {
  const at = text.lastIndexOf('@');
  if (at <= 0) return [text.trim(), undefined];
  return [text.slice(0, at).trim(), text.slice(at + 1).trim() || undefined];
}

function databasesOf(field: Field): ManifestDatabase[] {
  if (field.exists && !field.isMap)
    field.error('"database" holds names of databases: orders-db: {migrations: migrations/}');
  field.unique();
  return field.entries().map(([name, value]) => {
    value.known(['migrations', 'style']);
    value.get('style').oneOf(['up-down-sql']);
    return { name, migrations: fileOf(value.get('migrations')) };
  });
}

function strategyOf(field: Field): Strategy | undefined {
  if (!field.exists) return undefined;
  field.known(['kind', 'settle', 'drain', 'keep-old']);
  return {
    kind: field.get('kind').oneOf(['blue-green', 'rolling', 'restart']) ?? 'restart',
    settle: field.get('settle').seconds(),
    drain: field.get('drain').seconds(),
    keepOld: field.get('keep-old').seconds(),
  };
}
