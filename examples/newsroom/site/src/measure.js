// @ts-check
import { Histogram } from 'prom-client';

/** How browsers call themselves; the order counts, since each names those before it, too. */
const agents = [
  ['edge', /\bEdg\//],
  ['opera', /\bOPR\//],
  ['firefox', /\bFirefox\//],
  ['chrome', /\bChrome\//],
  ['safari', /\bVersion\/[\d.]+ .*Safari\//],
];

/**
 * @param {string | undefined} header User-Agent
 * @returns {string}
 */
export function agentOf(header) {
  const text = header ?? '';
  for (const [name, pattern] of agents)
    if (/** @type {RegExp} */ (pattern).test(text)) return `${name}`;
  return /^[\w-]{1,40}/.exec(text)?.[0].toLowerCase() ?? 'unknown';
}

/**
 * How long each request took: for who asks (/metrics), and as an event with who it was that waited.
 * @param {() => import('newsroom-service').Service | undefined} running
 */
export function measureOf(running) {
  /** @type {Histogram<'route' | 'method' | 'code'> | undefined} */
  let histogram;
  /** @param {{ route: string, method: string, status: number, agent: string, began: number }} request */
  return ({ route, method, status, agent, began }) => {
    const service = running();
    if (service === undefined) return;
    histogram ??= new Histogram({
      name: 'http_server_request_duration_seconds',
      help: 'How long requests took',
      labelNames: ['route', 'method', 'code'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers: [service.metrics],
    });
    const seconds = (performance.now() - began) / 1000;
    const path = route.slice(route.indexOf(' ') + 1);
    histogram.observe({ route: path, method, code: `${status}` }, seconds);
    // Pictures and styles are no pages that somebody waits for.
    if (path.startsWith('/media') || path.startsWith('/static')) return;
    service.events.send({
      type: 'metric',
      name: 'http.server.request.duration',
      metric: seconds,
      attributes: {
        'http.route': path,
        'http.request.method': method,
        'http.response.status_code': `${status}`,
        'user_agent.name': agent,
      },
    });
  };
}
