import type { Quadrant } from './model.ts';

/** Edges of a map of so many nodes, by which design and benches compare. */
const wanted: readonly (readonly [nodes: number, edges: number])[] = [
  [20, 20],
  [60, 83],
  [120, 168],
  [250, 381],
  [500, 797],
];

interface SizedNode {
  readonly id: string;
  readonly quadrant: Quadrant;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

/**
 * A map.yaml of 20 to 500 nodes as a company of that size would have it: a shop of more and more
 * services, each with its database, replicas, workers, cache and queue; the same text each time.
 * It has three processes, and a stream of deliveries and one of recoveries.
 */
export function sizedMap(nodes: number): { readonly text: string } {
  const sketch = new Sketch();
  const share = (part: number): number => Math.max(4, Math.round(nodes * part));
  sketch.take(development(), share(0.06));
  sketch.take(pipeline(), share(0.1));
  sketch.take(support(), share(0.06));
  sketch.take(production(nodes), nodes - sketch.nodes.size);
  sketch.connect(edgesOf(nodes));
  return { text: sketch.text() };
}

function edgesOf(nodes: number): number {
  const above = wanted.findIndex(([size]) => size >= nodes);
  const [n1, e1] = wanted[Math.max(1, above) - 1] ?? [20, 20];
  const [n2, e2] = wanted[Math.max(1, above)] ?? [500, 797];
  return Math.round(e1 + ((e2 - e1) * (nodes - n1)) / (n2 - n1));
}

type Part = SizedNode & { readonly edges: readonly string[] };
type Fields = SizedNode['fields'];

function part(id: string, quadrant: Quadrant, fields: Fields, ...edges: readonly string[]): Part {
  return { id, quadrant, fields, edges };
}

function* development(): Generator<Part> {
  const step = (id: string, fields: Fields, ...edges: readonly string[]): Part =>
    part(id, 'development', { kind: 'step', ...fields }, ...edges);
  yield step('backlog', { kind: 'board', title: 'Backlog', owner: 'product' });
  yield step('code', { title: 'Code', roles: '[developer]' }, 'backlog -> code');
  yield step('review', { title: 'Review', roles: '[developer, qa]', wip: 5 }, 'code -> review');
  yield step('acceptance', { title: 'Acceptance', roles: '[qa]' }, 'review -> acceptance');
  yield step('discovery', { title: 'Discovery' }, 'discovery -> backlog');
  yield step('design', { title: 'Design' }, 'backlog -> design', 'design -> code');
  yield step('security-review', { title: 'Security review' }, 'code -> security-review');
  for (let at = 0; ; at++) {
    const team = domains[at % domains.length] ?? 'shop';
    const id = `team-${team}${at < domains.length ? '' : `-${Math.floor(at / domains.length) + 1}`}`;
    yield step(id, { kind: 'team', title: `Team ${team}`, group: 'teams' }, `${id} -> code`);
  }
}

function* pipeline(): Generator<Part> {
  const one = (id: string, kind: string, fields: Fields, ...edges: readonly string[]): Part =>
    part(id, 'pipeline', { kind, ...fields }, ...edges);
  yield one('git', 'repository', { title: 'Git', repository: 'git.example/acme/*' });
  yield one(
    'builder',
    'build-server',
    { title: 'Builder', source: '"builder/*"' },
    'git -> builder',
  );
  yield one('artifacts', 'artifact-store', { title: 'Artifacts' }, 'builder -> artifacts');
  yield one('staging', 'environment', { title: 'Staging' }, 'artifacts -> staging');
  yield one('smoke-tests', 'test', { title: 'Smoke tests' }, 'staging -> smoke-tests');
  yield one('load-tests', 'test', { title: 'Load tests' }, 'staging -> load-tests');
  for (let at = 0; ; at++) {
    const domain = domains[at % domains.length] ?? 'shop';
    const round = at < domains.length ? '' : `-${Math.floor(at / domains.length) + 1}`;
    const id = `repo/${domain}${round}`;
    yield one(
      id,
      'repository',
      { title: `${domain}${round}`, group: 'repositories' },
      `${id} -> builder`,
    );
    if (at % 2 === 0)
      yield one(
        `agent/${at / 2 + 1}`,
        'host',
        { group: 'agents' },
        `builder => agent/${at / 2 + 1}`,
      );
    if (at % 4 === 0)
      yield one(
        `test-env/${domain}${round}`,
        'environment',
        { title: `${domain} test` },
        `artifacts -> test-env/${domain}${round}`,
      );
  }
}

function* support(): Generator<Part> {
  const role = (id: string, fields: Fields, ...edges: readonly string[]): Part =>
    part(id, 'support', { kind: 'role', ...fields }, ...edges);
  yield role('helpdesk', { title: 'Helpdesk', rota: 'helpdesk', members: 6 }, 'users -> helpdesk');
  yield role(
    'second-line',
    { title: 'Second line', rota: 'second-line', members: 4, mix: '{ops: 2, dev: 2}' },
    'helpdesk ^> second-line after 30m',
  );
  yield role('dba', { title: 'Database admins', rota: 'dba' }, 'second-line ^> dba after 1h');
  yield role(
    'payco-support',
    { kind: 'supplier', title: 'PayCo support', supplier: 'PayCo' },
    'second-line ^> payco-support after 1h',
  );
  yield role('incident-lead', { title: 'Incident lead' }, 'second-line ^> incident-lead after 15m');
  yield role('status-page', { kind: 'web', title: 'Status page' }, 'incident-lead -> status-page');
  for (const [at, domain] of [...domains, ...domains].entries()) {
    const id = `on-call/${domain}${at < domains.length ? '' : '-deputy'}`;
    yield role(
      id,
      { title: `On call for ${domain}`, group: 'on-call' },
      `second-line ^> ${id} after 1h`,
    );
  }
}

/** So many of the first ones are needed by the others. */
const core = 6;

const domains = [
  'orders', 'catalog', 'cart', 'pricing', 'stock', 'accounts', 'shipping', 'invoices', 'returns',
  'reviews', 'loyalty', 'offers', 'suppliers', 'reports', 'content', 'partners', 'fraud', 'gifts',
  'warehouse', 'wishlist', 'taxes', 'media', 'chat', 'forecast', 'consent', 'audit', 'stores', 'kiosk',
]; // prettier-ignore

function* production(nodes: number): Generator<Part> {
  const one = (id: string, kind: string, fields: Fields, ...edges: readonly string[]): Part =>
    part(id, 'production', { kind, ...fields }, ...edges);
  const web = Math.max(2, Math.min(12, Math.round(nodes / 25)));
  yield one('users', 'actor', { title: 'Customers', anchor: true });
  yield one('lb', 'load-balancer', { title: 'Load balancer', service: 'haproxy' }, 'users -> lb');
  for (let at = 1; at <= web; at++)
    yield one(`web/${at}`, 'web', { group: 'web', service: 'web', host: `web${at}` });
  yield one(
    'shop',
    'app',
    { title: 'Shop', service: 'shop', owner: 'team-orders', release: true },
    `lb => web/* need ${Math.ceil(web / 2)}`,
    'web/* => shop',
  );
  yield one(
    'orders-db',
    'database',
    { title: 'Orders database', service: 'orders-db' },
    'shop => orders-db',
  );
  yield one(
    'payments',
    'external',
    { title: 'PayCo payments', supplier: 'PayCo', check: 'smoke/payments' },
    'shop => payments',
  );
  yield one('mail', 'mail', { title: 'Mail', service: 'mail' }, 'shop ~> mail');
  yield one('search', 'search', { title: 'Search', service: 'search' }, 'shop ~> search');
  yield one('staff', 'actor', { title: 'Staff', anchor: true });
  yield one(
    'backoffice',
    'app',
    { title: 'Back office' },
    'staff -> backoffice',
    'backoffice => orders-db',
  );
  yield one('cdn', 'cdn', { title: 'CDN', supplier: 'EdgeCo' }, 'users -> cdn');
  yield one('bus', 'queue', { title: 'Event bus', service: 'kafka' });
  for (const [at, domain] of domains.entries()) yield* service(domain, at, nodes);
  for (let at = 1; ; at++)
    yield one(`spare/${at}`, 'host', { group: 'spare-hosts', host: `spare${at}` });
}

/** One service of a domain with what it stands on. */
function* service(domain: string, at: number, nodes: number): Generator<Part> {
  const isRich = nodes > 100;
  const hosts = isRich ? 3 : 0;
  const site: Site = {
    domain,
    at,
    api: `${domain}-api`,
    db: `${domain}-data`,
    replicas: isRich ? 2 : 0,
    workers: isRich ? 2 + (at % 5) : 2,
    // Where a host is not on the map, the edge is left out with it.
    runsOn: (id, host) => `${id} => node/${at * hosts + host}`,
  };
  for (let host = 1; host <= hosts; host++) {
    const number = at * hosts + host;
    const fields = { kind: 'host', group: 'hosts', host: `node${number}` };
    yield part(`node/${number}`, 'production', fields);
  }
  yield* stores(site);
  yield* workers(site);
}

interface Site {
  readonly domain: string;
  readonly at: number;
  readonly api: string;
  readonly db: string;
  readonly replicas: number;
  readonly workers: number;
  readonly runsOn: (id: string, host: number) => string;
}

type Edges = readonly string[];

const ours =
  (domain: string) =>
  (id: string, fields: Fields, edges: Edges): Part =>
    part(id, 'production', { service: id, owner: `team-${domain}`, ...fields }, ...edges);

function* stores({ domain, at, api, db, replicas, runsOn }: Site): Generator<Part> {
  const one = ours(domain);
  const parent = at < core || at % 3 === 0 ? 'shop' : 'backoffice';
  const called = `${parent} ${at % 3 === 2 ? '~>' : '=>'} ${api}`;
  const app = { kind: 'app', title: `${title(domain)} API`, release: true };
  yield one(api, app, [called, runsOn(api, 1)]);
  const limits = '[{metric: db.connections, warning: "80", critical: "95"}]';
  const database = { kind: 'database', title: `${title(domain)} database`, limits };
  yield one(db, database, [`${api} => ${db}`, runsOn(db, 2)]);
  for (let replica = 1; replica <= replicas; replica++) {
    const id = `${db}-replica-${replica}`;
    const fields = { kind: 'database', group: `${db}-replicas` };
    yield one(id, fields, [`${api} ~> ${id}`, runsOn(id, replica)]);
  }
  if (at % 2 === 0) yield one(`${domain}-cache`, { kind: 'cache' }, [`${api} ~> ${domain}-cache`]);
  if (at % 3 === 0) yield one(`${domain}-jobs`, { kind: 'queue' }, [`${api} => ${domain}-jobs`]);
}

function* workers(site: Site): Generator<Part> {
  const { domain, at, api, db, runsOn } = site;
  const one = ours(domain);
  const input = at % 3 === 0 ? `${domain}-jobs` : 'bus';
  for (let worker = 1; worker <= site.workers; worker++) {
    const id = `${domain}-worker-${worker}`;
    const edges = [`${input} -> ${id}`, `${id} => ${db}`, runsOn(id, 1 + (worker % 3))];
    yield one(id, { kind: 'job', group: `${domain}-workers`, replicas: 1 }, edges);
  }
  if (at % 4 !== 1) return;
  const supplier = title(domain);
  const partner = { kind: 'external', title: `${supplier} partner`, supplier };
  yield one(`${domain}-partner`, partner, [`${api} ~> ${domain}-partner`]);
}

const title = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** What goes from one quadrant to another, where both ends are there. */
const across = [
  'acceptance -> git',
  'artifacts -> shop',
  'smoke-tests -> shop',
  'dba -> orders-db',
  'payco-support -> payments',
  'incident-lead -> backlog',
];

const ofEdge = /^(\S+) (\S+) (\S+)/;

class Sketch {
  readonly nodes = new Map<string, SizedNode>();
  readonly #edges: string[] = [];

  /** Takes so many of the parts. */
  take(parts: Iterable<Part>, count: number): void {
    if (count <= 0) return;
    let left = count;
    for (const one of parts) {
      this.nodes.set(one.id, one);
      this.#edges.push(...one.edges);
      if (--left === 0) return;
    }
  }

  /** Leaves out what leads nowhere, and draws more needs between services until there are so many. */
  connect(count: number): void {
    this.#edges.push(...across);
    const drawn = this.#edges.filter((edge) => this.#leads(edge));
    this.#edges.splice(0, Infinity, ...drawn);
    const apis = [...this.nodes.keys()].filter((id) => id.endsWith('-api'));
    const seen = new Set(drawn);
    let missing = count - drawn.reduce((sum, edge) => sum + this.#width(edge), 0);
    for (let round = 1; missing > 0 && round < apis.length; round++)
      for (const [at, api] of apis.entries()) {
        if (missing <= 0) break;
        // Most need the few that are at the core, as it is in companies; and these need each other.
        const other = at < core ? at + round : (at + round) % core;
        const need = other < core ? `${api} ~> ${domains[other] ?? ''}-api` : `${api} ~> mail`;
        const edge = at % 4 === round % 4 ? `${api} -> bus` : need;
        if (seen.has(edge) || !this.#leads(edge)) continue;
        seen.add(edge);
        this.#edges.push(edge);
        missing--;
      }
  }

  /** As how many edges it counts. */
  #width(edge: string): number {
    return edge.includes('web/*')
      ? [...this.nodes.keys()].filter((id) => id.startsWith('web/')).length
      : 1;
  }

  #leads(edge: string): boolean {
    const [, from = '', , to = ''] = ofEdge.exec(edge) ?? [];
    return [from, to].every((id) => this.nodes.has(id) || id === 'web/*');
  }

  text(): string {
    const needs = (...ids: readonly string[]): string =>
      ids
        .filter((id) => this.nodes.has(id.replace('~', '')))
        .map((id) => `"${id}"`)
        .join(', ');
    return [
      'schema: territory.map/1',
      'title: Acme shop',
      'nodes:',
      ...[...this.nodes.values()].map(nodeLine),
      'edges:',
      ...this.#edges.map((edge) => `  - "${edge}"`),
      'processes:',
      `  checkout: {title: Checkout, criticality: 1, needs: [${needs('lb', 'shop', 'payments', '~mail')}]}`,
      `  browse: {title: Browse, criticality: 2, needs: [${needs('lb', '~search', '~cdn')}]}`,
      `  support: {title: Customer service, criticality: 3, needs: [${needs('helpdesk', 'mail')}]}`,
      streams,
    ].join('\n');
  }
}

const nodeLine = ({ id, quadrant, fields }: SizedNode): string => {
  const said = Object.entries({ quadrant, ...fields }).map(([name, value]) => `${name}: ${value}`);
  return `  ${id}: {${said.join(', ')}}`;
};

const streams = `streams:
  delivery:
    title: From idea to customer
    item: change
    stages:
      - {id: code, title: Code, node: code, enter: commit.authored, exit: change.created}
      - {id: review, title: Review, node: review, exit: change.merged, active: [review.started..change.reviewed]}
      - {id: build, title: Build, node: builder, exit: artifact.packaged, active: [build.started..build.finished]}
      - {id: staging, title: Staging, node: staging, exit: "testsuiterun.finished[env=staging,outcome=pass]"}
      - {id: release, title: Release, node: shop, exit: "service.deployed[env=production]"}
  recovery:
    title: From trouble to mended
    item: incident
    stages:
      - {id: notice, title: Notice, node: helpdesk, enter: incident.detected, exit: incident.acknowledged}
      - {id: mend, title: Mend, node: second-line, exit: incident.mitigated}
      - {id: close, title: Close, node: second-line, exit: incident.resolved}
`;
