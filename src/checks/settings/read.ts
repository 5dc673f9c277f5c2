import { isIP } from 'node:net';
import type { Finding } from '../language/feature.ts';
import { faultOfTag } from '../language/tags.ts';
import { type Field, fieldOf, meant } from './field.ts';
import {
  type CheckDefaults,
  type CheckEnvironment,
  type CheckSettings,
  type PluginSettings,
  type ValuePlace,
  checkDefaults,
} from './settings.ts';

const longest = '7d';
/** ms that a plugin may take unless it says otherwise, as monitoring plugins have it. */
const pluginTimeout = 10_000;
/** A name of an environment, an application or a plugin. */
const nameForm = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

/** Reads the text of `checks.yaml`. Never throws: what is wrong is a finding at its place. */
export function readCheckSettings(
  file: string,
  text: string,
): { readonly settings: CheckSettings } | { readonly findings: readonly Finding[] } {
  const { field, findings } = fieldOf(file, text);
  if (!field) return { findings };
  field.known(['environments', 'plugins', 'defaults']);
  const environments = namesOf(field.get('environments'), 'staging: {base: https://…}').map(
    ([name, value]) => environmentOf(name, value),
  );
  const defaults = defaultsOf(field.get('defaults'));
  const names = environments.map(({ name }) => name);
  const plugins = namesOf(field.get('plugins'), 'disk: {command: [check_disk, -w, 10%]}').flatMap(
    ([name, value]) => pluginOf(name, value, names, defaults) ?? [],
  );
  if (findings.length > 0)
    return { findings: findings.toSorted((a, b) => a.line - b.line || a.column - b.column) };
  return { settings: { file, environments, plugins, defaults } };
}

function namesOf(field: Field, example: string): readonly (readonly [string, Field])[] {
  const found = field.named(example);
  for (const [name, value] of found)
    if (!nameForm.test(name))
      value.wrongName(`"${name}" is no name: letters, digits, ".", "_" and "-", at most 63`);
  return found;
}

function environmentOf(name: string, field: Field): CheckEnvironment {
  field.known(['base', 'applications', 'allow', 'secrets', 'datasources']);
  const applications = namesOf(field.get('applications'), 'shop: https://shop.example.org');
  return {
    name,
    base: addressOf(field.get('base')),
    applications: Object.fromEntries(
      applications.flatMap(([app, value]) => {
        if (!value.exists) value.wrongName(`"${app}" has no address`);
        const address = addressOf(value);
        return address === undefined ? [] : [[app, address]];
      }),
    ),
    allow: field
      .get('allow')
      .list('[10.1.0.0/16, "127.0.0.1:8080"]')
      .flatMap((one) => allowedOf(one) ?? []),
    secrets: placesOf(field.get('secrets'), 'SHOP_KEY: env:STAGING_SHOP_KEY'),
    datasources: placesOf(field.get('datasources'), 'orders: env:ORDERS_DB'),
  };
}

function addressOf(field: Field): string | undefined {
  const text = field.text();
  if (text === undefined) return undefined;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    return field.wrong(`"${text}" is no http or https address such as https://www.example.org`);
  if (new URL(text).password !== '')
    return field.wrong(`"${field.name}" has a password in it; make it one of "secrets"`);
  return text;
}

function allowedOf(field: Field): string | undefined {
  const text = field.text();
  if (text === undefined || isAllowed(text)) return text;
  return field.wrong(
    `"${text}" is no address (10.1.2.3), address with a port (10.1.2.3:8080) or network (10.1.0.0/16)`,
  );
}

/** `10.1.2.3`, `10.1.2.3:8080`, `[::1]:8080` or `10.1.0.0/16`. */
function isAllowed(text: string): boolean {
  const [, network = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  if (isIP(network) > 0) return Number(bits) <= (isIP(network) === 6 ? 128 : 32);
  const [, four, six, port] = /^(?:([\d.]+)|\[([^\]]+)\]):(\d{1,5})$/.exec(text) ?? [];
  if (isIP(four ?? six ?? '') > 0) return Number(port) >= 1 && Number(port) <= 65_535;
  return isIP(text) > 0;
}

function placesOf(field: Field, example: string): Record<string, ValuePlace> {
  const found = namesOf(field, example).flatMap(([name, value]) => {
    if (!value.exists) value.wrongName(`"${name}" says nothing of where it is`);
    const place = placeOf(value);
    return place === undefined ? [] : [[name, place] as const];
  });
  return Object.fromEntries(found);
}

/** The text itself is in no message: it may be the secret that should not stand here. */
function placeOf(field: Field): ValuePlace | undefined {
  const text = field.text();
  if (text === undefined) return undefined;
  const [, variable] = /^env:\s*([A-Za-z_][A-Za-z0-9_]*)$/.exec(text) ?? [];
  if (variable !== undefined) return { kind: 'env', name: variable };
  const [, path] = /^file:\s*(.+)$/.exec(text) ?? [];
  if (path !== undefined) return { kind: 'file', path };
  return field.wrong(
    `"${field.name}" is env:NAME or file:PATH; the value itself must not stand in this file`,
  );
}

function pluginOf(
  name: string,
  field: Field,
  environments: readonly string[],
  defaults: CheckDefaults,
): PluginSettings | undefined {
  field.known(['command', 'environment', 'application', 'every', 'tags', 'timeout']);
  const command = field
    .get('command')
    .list('[check_disk, -w, 10%]')
    .flatMap((one) => one.text() ?? []);
  if (command.length === 0 && !field.get('command').exists)
    field.wrongName(`"${name}" has no "command": the program and its arguments, as a list`);
  else if (command.length === 0) field.get('command').wrong('"command" has no program');
  const environment = field.get('environment').text();
  if (environment === undefined)
    field.wrongName(`"${name}" has no "environment": where what it says counts`);
  else if (!environments.includes(environment))
    field
      .get('environment')
      .wrong(
        `there is no environment "${environment}" in this file${meant(environment, environments)}`,
      );
  return {
    name,
    command,
    environment: environment ?? '',
    application: field.get('application').text(),
    every: field.get('every').duration('1s', longest) ?? defaults.every,
    tags: field
      .get('tags')
      .list('["@page", "@dependsOn(dns)"]')
      .flatMap((one) => tagOf(one) ?? []),
    timeout: field.get('timeout').duration('1s', '5m') ?? pluginTimeout,
    line: field.line,
  };
}

function tagOf(field: Field): string | undefined {
  const text = field.text();
  const fault = text === undefined ? undefined : faultOfTag(text);
  return fault === undefined ? text : field.wrong(fault);
}

function defaultsOf(field: Field): CheckDefaults {
  field.known(['every', 'attempts', 'retry', 'successes', 'stale-after', 'boot-grace', 'of']);
  const unless = checkDefaults;
  return {
    every: field.get('every').duration('1s', longest) ?? unless.every,
    attempts: field.get('attempts').whole(1, 100) ?? unless.attempts,
    retry: field.get('retry').duration('1s', longest) ?? unless.retry,
    successes: field.get('successes').whole(1, 100) ?? unless.successes,
    staleAfter: field.get('stale-after').whole(1, 100) ?? unless.staleAfter,
    bootGrace: field.get('boot-grace').duration('0s', longest) ?? unless.bootGrace,
    of: partOf(field.get('of')),
  };
}

/** `3 of 5`: so many failures among the last ones. */
function partOf(field: Field): CheckDefaults['of'] {
  const text = field.text();
  if (text === undefined) return undefined;
  const [, failures, of] = /^(\d{1,3}) of (\d{1,3})$/.exec(text) ?? [];
  const [some, all] = [Number(failures), Number(of)];
  if (some >= 1 && all >= some && all <= 100) return { failures: some, of: all };
  return field.wrong(
    `"${field.name}" is such as "3 of 5": failures among the last runs, at most 100`,
  );
}
