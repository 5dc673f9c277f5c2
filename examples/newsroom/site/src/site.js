// @ts-check
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from './database.js';
import { openItems } from './items.js';
import { measureOf } from './measure.js';
import { openPayments } from './payments.js';
import { openWords } from './words.js';
import { routeOf } from './web.js';

/**
 * @typedef {import('newsroom-service').Service} Service
 * @typedef {Awaited<ReturnType<typeof openSite>>} Site
 * @typedef {{ label: string, href: string, order: number }} Link
 * @typedef {(visit: import('./web.js').Visit) => import('./web.js').Answer | Promise<import('./web.js').Answer>} Handler
 * @typedef {{ link?: Link, routes: (site: Site) => Record<string, Handler> }} Feature
 */

const root = join(import.meta.dirname, '..');

/**
 * The site: each file in parts/ brings its routes and, where people are to find it, its link.
 * @param {Record<string, string | undefined>} env
 */
export async function openSite(env) {
  const store = env['STORE'] ?? '.';
  const database = openDatabase(join(store, 'site.db'));
  /** @type {Service | undefined} */
  let service;
  const words = openWords(join(root, 'data'));
  const items = openItems(join(store, 'public', 'items.json'));
  const payments = openPayments({
    url: env['PAYMENTS_URL'] ?? '',
    withinMs: Number(env['PAYMENTS_WITHIN_MS'] ?? 2000),
  });
  const site = {
    root,
    store,
    database,
    items,
    words,
    payments,
    pageSize: Number(env['PAGE_SIZE'] ?? 24),
    /** @type {Link[]} */
    links: [],
    about: () => ({ version: service?.version ?? '', environment: service?.environment ?? '' }),
    /** @param {string} text @param {Record<string, unknown>} [fields] */
    complain: (text, fields) => service?.log.error(text, fields),
    /** @param {Record<string, unknown> & { type: string }} event */
    tell: (event) => service?.events.send(event),
    measure: measureOf(() => service),
    /** @param {Service} running */
    runsAs: (running) => {
      service = running;
    },
    checks: {
      database: () => ({
        status: /** @type {const} */ ('pass'),
        output: `${database.orders()} orders`,
      }),
      items: () => ({
        status: /** @type {const} */ ('pass'),
        output: `${items.all().length} clips`,
      }),
    },
    /** @type {Record<string, import('newsroom-service').Route>} */
    routes: {},
    close: () => database.close(),
  };
  const features = await featuresIn(join(root, 'parts'));
  site.links = features.flatMap(({ link }) => link ?? []).toSorted((a, b) => a.order - b.order);
  for (const feature of features)
    for (const [route, handler] of Object.entries(feature.routes(site)))
      site.routes[route] = routeOf(site, route, handler);
  return site;
}

/**
 * @param {string} folder
 * @returns {Promise<Feature[]>}
 */
async function featuresIn(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith('.js'));
  return Promise.all(files.toSorted().map((name) => import(join(folder, name))));
}
