import type { Field } from '../../rooms/releases/manifest/field.ts';
import type { AppConfig, DatabasePlace, EnvironmentConfig } from './config.ts';
import type { Secrets } from './secrets.ts';
import { readSsh } from './ssh.ts';

const names = [
  'instances',
  'ready-within',
  'ports',
  'balancer',
  'front',
  'values',
  'databases',
  'apps',
  'ssh',
];
const mostInstances = 100;
/** Seconds. */
const readyUnlessSaid = 60;
const keyName = /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/;

interface Around {
  readonly secrets: Secrets;
  /** Of the runner: it must never be seen in a log either. */
  readonly token: string | undefined;
}

/** What stands below the name of an environment; faults are told at their places. */
export function readEnvironment(name: string, field: Field, around: Around): EnvironmentConfig {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(name))
    field.errorAtName(`"${name}" is no name of an environment: letters, digits, ".", "_" and "-"`);
  const ssh = readSsh(field.get('ssh'), around.secrets);
  // What it is like there stands in the runner.yaml of that machine.
  field.known(field.get('ssh').exists ? ['ssh'] : names);
  const { values, secret } = valuesOf(field.get('values'), around.secrets);
  const databases = databasesOf(field.get('databases'), around.secrets);
  const socket = around.secrets.path(field.get('balancer').known(['socket']).get('socket'));
  if (field.get('balancer').exists && socket === undefined)
    field.get('balancer').error('"balancer" has the path of HAProxy\'s admin socket: {socket: …}');
  const passwords = Object.values(databases).flatMap((place) => passwordsOf(place));
  return {
    name,
    instances: field.get('instances').whole(1, mostInstances) ?? 1,
    readyWithin: 1000 * (field.get('ready-within').seconds() ?? readyUnlessSaid),
    ports: portsOf(field.get('ports')),
    balancer: socket === undefined ? undefined : { socket },
    front: frontOf(field.get('front'), true),
    values,
    secrets: [...new Set([...secret, ...passwords, around.token ?? ''])].filter((s) => s !== ''),
    databases,
    apps: appsOf(field.get('apps')),
    ssh,
  };
}

function valuesOf(
  field: Field,
  secrets: Secrets,
): { values: Readonly<Record<string, string>>; secret: readonly string[] } {
  if (field.exists && !field.isMap) field.error('"values" holds names: PAGE_SIZE: 20');
  field.unique();
  const secret: string[] = [];
  const found = field.entries().flatMap(([name, value]) => {
    if (!keyName.test(name)) value.errorAtName(`"${name}" is no name of a key`);
    const given = secrets.value(value);
    if (given?.secret === true) secret.push(given.text);
    return given === undefined ? [] : [[name, given.text] as const];
  });
  return { values: Object.fromEntries(found), secret };
}

function databasesOf(field: Field, secrets: Secrets): Record<string, DatabasePlace> {
  if (field.exists && !field.isMap)
    field.error('"databases" holds names: orders-db: {postgres: {env: ORDERS_DB}}');
  field.unique();
  const found = field.entries().flatMap(([name, value]) => {
    const place = databaseOf(value, secrets);
    return place === undefined ? [] : [[name, place] as const];
  });
  return Object.fromEntries(found);
}

function databaseOf(field: Field, secrets: Secrets): DatabasePlace | undefined {
  field.known(['postgres', 'sqlite']);
  const [postgres, sqlite] = [field.get('postgres'), field.get('sqlite')];
  if (postgres.exists === sqlite.exists) {
    field.error(`"${field.name}" has either the address of a PostgreSQL or the file of an SQLite`);
    return undefined;
  }
  const file = secrets.path(sqlite);
  if (file !== undefined) return { kind: 'sqlite', file };
  const url = secrets.value(postgres)?.text.trim();
  if (url === undefined) return undefined;
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
    postgres.error('a PostgreSQL is given as postgres://USER:PASSWORD@HOST:PORT/DATABASE');
    return undefined;
  }
  return { kind: 'postgres', url };
}

function passwordsOf(place: DatabasePlace): readonly string[] {
  if (place.kind === 'sqlite') return [];
  const { password } = new URL(place.url);
  // As it is written, and as it is meant: either may come up in the words of a program.
  return password === '' ? [] : [password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function appsOf(field: Field): Record<string, AppConfig> {
  if (field.exists && !field.isMap) field.error('"apps" holds names: shop: {instances: 3}');
  field.unique();
  const found = field.entries().map(([name, value]) => {
    value.known(['instances', 'port', 'front']);
    const app: AppConfig = {
      instances: value.get('instances').whole(1, mostInstances),
      port: value.get('port').whole(1, 65_535),
      front: frontOf(value.get('front'), false),
    };
    return [name, app] as const;
  });
  return Object.fromEntries(found);
}

/** `7100-7199`. */
function portsOf(field: Field): readonly [number, number] | undefined {
  const text = field.text();
  if (text === undefined) return undefined;
  const [, first, last] = /^(\d{1,5})\s*-\s*(\d{1,5})$/.exec(text) ?? [];
  const ports = [Number(first), Number(last)] as const;
  if (ports.every((port) => port >= 1 && port <= 65_535) && ports[0] <= ports[1]) return ports;
  field.error(`"${field.name}" is a range of ports such as 7100-7199`);
  return undefined;
}

function frontOf(field: Field, forAll: boolean): string | undefined {
  const text = field.text();
  if (text === undefined) return undefined;
  const address = text.replaceAll('{app}', 'app');
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
    field.error(`"${text}" is no http or https address such as http://127.0.0.1:7380/{app}`);
  if (forAll && !text.includes('{app}'))
    field.warn('"front" has no {app} in it: every application is looked for at the same address');
  return text;
}
