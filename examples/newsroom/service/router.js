// @ts-check

/**
 * @typedef {import('node:http').IncomingMessage} Request
 * @typedef {import('node:http').ServerResponse} Response
 * @typedef {object} Context
 * @property {URL} url
 * @property {Record<string, string>} params of the path, decoded
 * @property {AbortSignal} signal aborts when the service is to end, or nobody waits for the answer any more
 * @typedef {(request: Request, response: Response, context: Context) => unknown} Route
 * @typedef {{ method: string, names: readonly string[], route: Route }} Known
 */

/**
 * Answers requests by the route that fits; HEAD is asked as GET. What a route throws is an answer 500
 * and a line in the log.
 * @param {Record<string, Route>} routes
 * @param {{ log: import('./log.js').Log, ending: AbortSignal }} parts
 */
export function routerOf(routes, { log, ending }) {
  const known = Object.entries(routes).map(([key, route]) => {
    const [method = '', path = ''] = key.split(' ');
    return { method, names: path.split('/'), route };
  });
  /** @param {Request} request @param {Response} response */
  return async (request, response) => {
    const url = urlOf(request.url);
    const found = url && findRoute(known, request.method ?? 'GET', url.pathname);
    if (url === undefined) return problem(response, 400, 'that is no address');
    if (found === 'path') return problem(response, 404, `there is no ${url.pathname}`);
    if (found === 'method') return problem(response, 405, `${request.method} is not for it`);
    if (found === undefined) return problem(response, 400, 'that is no address');
    if (ending.aborted) response.setHeader('connection', 'close');
    try {
      await found.route(request, response, {
        url,
        params: found.params,
        get signal() {
          return AbortSignal.any([ending, gone(response)]);
        },
      });
    } catch (error) {
      if (!response.destroyed) log.error('a request failed', { path: url.pathname, error });
      problem(response, 500, 'something went wrong here');
    }
  };
}

/**
 * @param {Response} response
 * @returns {AbortSignal} aborts when the connection does
 */
function gone(response) {
  const controller = new AbortController();
  response.once('close', () => controller.abort());
  return controller.signal;
}

/** @param {string | undefined} text */
function urlOf(text) {
  try {
    return new URL(`http://127.0.0.1${text ?? '/'}`);
  } catch {
    return undefined;
  }
}

/**
 * @param {readonly Known[]} known
 * @param {string} method
 * @param {string} path
 */
function findRoute(known, method, path) {
  const parts = path.split('/');
  const wanted = method === 'HEAD' ? 'GET' : method;
  const fitting = known.flatMap(({ names, ...rest }) => {
    const params = paramsOf(names, parts);
    return params === undefined ? [] : [{ ...rest, params }];
  });
  if (fitting.length === 0) return 'path';
  return fitting.find((one) => one.method === wanted) ?? 'method';
}

/**
 * @param {readonly string[]} names
 * @param {readonly string[]} parts
 * @returns {Record<string, string> | undefined} undefined where the path is another one
 */
function paramsOf(names, parts) {
  if (names.length !== parts.length) return undefined;
  /** @type {Record<string, string>} */
  const params = {};
  for (const [i, name] of names.entries()) {
    const part = parts[i] ?? '';
    if (!name.startsWith(':') && name !== part) return undefined;
    if (!name.startsWith(':')) continue;
    const value = decoded(part);
    if (value === undefined || value === '') return undefined;
    params[name.slice(1)] = value;
  }
  return params;
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

/**
 * @param {Response} response
 * @param {number} status
 * @param {string} reason
 */
function problem(response, status, reason) {
  if (response.destroyed || response.writableEnded) return;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: reason }));
}
