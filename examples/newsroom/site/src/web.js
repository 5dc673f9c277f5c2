// @ts-check
import { cookieOf } from './cookies.js';
import { errorPage, layout } from './layout.js';
import { agentOf } from './measure.js';

/**
 * @typedef {import('./site.js').Site} Site
 * @typedef {import('./html.js').Html} Html
 * @typedef {{ title: string, main: Html, status?: number, query?: string, cookie?: string }} Page
 * @typedef {{ status: number, headers?: Record<string, string>, body?: string | import('node:stream').Readable }} Answer
 */

/** Characters of a form; more is no form. */
const maxBody = 20_000;

/** What a visitor asks for, as features see it. */
export class Visit {
  /**
   * @param {Site} site
   * @param {import('node:http').IncomingMessage} request
   * @param {{ url: URL, params: Record<string, string> }} about
   */
  constructor(site, request, { url, params }) {
    this.site = site;
    this.request = request;
    this.url = url;
    this.params = params;
  }

  /** Name of the browser: chrome, firefox, safari, … */
  get agent() {
    return agentOf(this.request.headers['user-agent']);
  }

  get person() {
    const session = cookieOf(this.request.headers.cookie, 'session');
    return session === undefined ? undefined : this.site.database.personOf(session);
  }

  get wantsJson() {
    return `${this.request.headers['content-type']}`.startsWith('application/json');
  }

  /**
   * Fields of the form, or of the JSON that a script sent.
   * @returns {Promise<Record<string, string>>}
   */
  async fields() {
    let text = '';
    for await (const piece of this.request.setEncoding('utf8')) {
      text += piece;
      if (text.length > maxBody) throw new Refused(413, 'That is too long for us.');
    }
    if (!this.wantsJson) return Object.fromEntries(new URLSearchParams(text));
    try {
      const value = /** @type {object} */ (JSON.parse(text));
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, `${one}`]));
    } catch {
      throw new Refused(400, 'That was no JSON.');
    }
  }

  /**
   * @param {Page} page
   * @returns {Answer}
   */
  page({ status = 200, cookie, ...page }) {
    return {
      status,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        ...(cookie === undefined ? {} : { 'set-cookie': cookie }),
      },
      body: layout({ ...page, site: this.site, person: this.person, path: this.url.pathname }),
    };
  }
}

/** What the visitor may be told of. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * @param {string} location
 * @param {string} [cookie]
 * @returns {Answer}
 */
export const seeOther = (location, cookie) => ({
  status: 303,
  headers: { location, ...(cookie === undefined ? {} : { 'set-cookie': cookie }) },
});

/**
 * @param {number} status
 * @param {object} value
 * @returns {Answer}
 */
export const json = (status, value) => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

/**
 * A handler as the service takes it: answered, measured, and what it throws is told.
 * @param {Site} site
 * @param {string} route
 * @param {import('./site.js').Handler} handler
 * @returns {import('newsroom-service').Route}
 */
export function routeOf(site, route, handler) {
  return async (request, response, { url, params }) => {
    const began = performance.now();
    const visit = new Visit(site, request, { url, params: params ?? {} });
    /** @type {Answer} */
    let answer;
    try {
      answer = await handler(visit);
    } catch (error) {
      answer = failed(visit, route, error);
    }
    const { status, headers, body } = answer;
    response.writeHead(status, { 'cache-control': 'no-store', ...headers });
    if (body === undefined || typeof body === 'string') response.end(body);
    else body.on('error', () => response.destroy()).pipe(response);
    site.measure({ route, method: request.method ?? '', status, agent: visit.agent, began });
  };
}

/**
 * @param {Visit} visit
 * @param {string} route
 * @param {unknown} error
 */
function failed(visit, route, error) {
  const status = error instanceof Refused ? error.status : 500;
  const text = error instanceof Error ? error.message : String(error);
  if (status >= 500)
    visit.site.complain(text, {
      route,
      agent: visit.agent,
      stack: error instanceof Error ? error.stack : undefined,
    });
  const words = error instanceof Refused ? text : 'Something went wrong here. We are told of it.';
  return visit.wantsJson ? json(status, { error: words }) : visit.page(errorPage(status, words));
}
