import { isMap, isScalar } from 'yaml';
import { parseRange } from '../../../event/range.ts';
import type { Limit, MapNode, Replicas } from '../model.ts';
import { type Entry, Fields, textIn } from './fields.ts';
import { said } from './read-names.ts';

/** What may be said of a node beside what it is and what it is called. */
export const settingKeys = [
  'anchor',
  'at',
  'supplier',
  'runbook',
  'release',
  'roles',
  'rota',
  'members',
  'mix',
  'wip',
  'replicas',
  'limits',
  'fresh',
  'links',
] as const;

const mostLinks = 20;
const maxReplicas = 100_000;
const farthest = 100_000;

/** What is said of a node; what is left out is undefined. */
export function nodeSettings(fields: Fields) {
  return {
    anchor: fields.flag('anchor'),
    at: readAt(fields),
    supplier: fields.text('supplier'),
    runbook: fields.get('runbook') && linkIn(fields, fields.get('runbook')),
    release: fields.flag('release'),
    roles: fields.get('roles') && fields.texts('roles'),
    rota: fields.text('rota'),
    members: fields.whole('members', 0),
    mix: readMix(fields),
    wip: fields.whole('wip', 1),
    replicas: readReplicas(fields),
    limits: fields.get('limits') && fields.list('limits').flatMap((one) => readLimit(fields, one)),
    freshFor: fields.duration('fresh'),
    links: fields.get('links') && readLinks(fields),
  };
}

function readAt(fields: Fields): MapNode['at'] {
  const inner = inside(fields, 'at', ['x', 'y']);
  if (!inner) return undefined;
  const [x, y] = [inner.whole('x', 0, farthest), inner.whole('y', 0, farthest)];
  if (x !== undefined && y !== undefined) return { x, y };
  if (!inner.get('x') || !inner.get('y')) fields.reader.error(inner.at, '"at" has x and y, in px');
  return undefined;
}

function readMix(fields: Fields): MapNode['mix'] | undefined {
  const inner = inside(fields, 'mix');
  if (!inner) return undefined;
  const mix: Record<string, number> = Object.create(null) as Record<string, number>;
  for (const { name } of inner.entries()) {
    const count = inner.whole(name, 0);
    if (count !== undefined) mix[name] = count;
  }
  return { ...mix };
}

function readReplicas(fields: Fields): Replicas | undefined {
  const entry = fields.get('replicas');
  if (!entry) return undefined;
  if (isScalar(entry.node)) {
    const desired = fields.whole('replicas', 0, maxReplicas);
    return desired === undefined ? undefined : { desired };
  }
  const inner = inside(fields, 'replicas', ['desired', 'available']);
  if (!inner) return undefined;
  return countIn(inner) ?? metricsIn(inner);
}

/** `{desired: 3}` */
function countIn(inner: Fields): Replicas | undefined {
  const node = inner.get('desired')?.node;
  const isNumber = isScalar(node) && typeof node.value === 'number';
  const desired = isNumber && !inner.get('available') && inner.whole('desired', 0, maxReplicas);
  return typeof desired === 'number' ? { desired } : undefined;
}

function metricsIn(inner: Fields): Replicas | undefined {
  const [desiredMetric, availableMetric] = [inner.text('desired'), inner.text('available')];
  if (desiredMetric !== undefined && availableMetric !== undefined)
    return { desiredMetric, availableMetric };
  if (!inner.get('desired') || !inner.get('available'))
    inner.reader.error(
      inner.at,
      '"replicas" is a number, or names two metrics: {desired: …, available: …}',
    );
  return undefined;
}

function readLimit({ reader }: Fields, { at, node }: Entry): Limit[] {
  const keys = ['metric', 'warning', 'critical'];
  const inner = Fields.read(reader, node, { what: 'a limit', keys, at });
  if (!inner) return [];
  const metric = inner.text('metric');
  const [warning, critical] = [rangeIn(inner, 'warning'), rangeIn(inner, 'critical')];
  if (!inner.get('metric')) reader.error(inner.at, 'a limit names its metric');
  else if (!inner.get('warning') && !inner.get('critical'))
    reader.error(inner.at, 'a limit has "warning", "critical" or both');
  return metric === undefined ? [] : [{ metric, ...said({ warning, critical }) }];
}

function rangeIn(inner: Fields, name: string): string | undefined {
  const entry = inner.get(name);
  const text = inner.text(name);
  if (!entry || text === undefined || parseRange(text)) return text;
  const { reader } = inner;
  reader.error(
    reader.at(entry.node, entry.at),
    `"${text}" is no range of values: 500, "10:", "~:0.5", 5:10 or @5:10 is one`,
  );
  return undefined;
}

function readLinks(fields: Fields): MapNode['links'] {
  const { reader } = fields;
  const entry = fields.get('links');
  if (entry && isMap(entry.node) && !entry.node.has('url')) {
    // Titles and addresses: {Dashboard: https://…}
    const inner = inside(fields, 'links');
    return (inner?.entries() ?? []).slice(0, mostLinks).flatMap((one) => {
      const url = linkIn(fields, one);
      return url === undefined ? [] : [{ title: one.name, url }];
    });
  }
  return fields
    .list('links')
    .slice(0, mostLinks)
    .flatMap((one) => {
      if (isScalar(one.node)) {
        const url = linkIn(fields, one);
        return url === undefined ? [] : [{ title: url.replace(/^https?:\/\//, ''), url }];
      }
      const keys = ['title', 'url'];
      const inner = Fields.read(reader, one.node, { what: 'a link', keys, at: one.at });
      const url = inner && linkIn(fields, inner.get('url'));
      if (inner && !inner.get('url')) reader.error(inner.at, 'a link has an "url"');
      return url === undefined ? [] : [{ title: inner?.text('title') ?? url, url }];
    });
}

/** An address that people can follow: a page makes a link of it, so it must be no script. */
function linkIn({ reader }: Fields, entry: Entry | undefined): string | undefined {
  const text = entry && textIn(reader, entry);
  if (!entry || text === undefined) return undefined;
  if (/^(https?:\/\/|mailto:)[^\s]+$/i.test(text)) return text;
  reader.error(
    reader.at(entry.node, entry.at),
    `"${entry.name}" is an address that begins with https:// or http://`,
  );
  return undefined;
}

function inside(fields: Fields, name: string, keys?: readonly string[]): Fields | undefined {
  const entry = fields.get(name);
  if (!entry) return undefined;
  const { node, at } = entry;
  return Fields.read(fields.reader, node, { what: `"${name}"`, at, ...(keys && { keys }) });
}
