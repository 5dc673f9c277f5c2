/**
 * Maps of a given size, in the proportions of a real product: for benches, tests in the browser and
 * screenshots. The same size gives the same text.
 */

/** Edges that a map of so many nodes has, about. */
const edgesPerNode = 1.6;

interface Part {
  readonly id: string;
  readonly line: string;
}

/** The text of a map.yaml with so many nodes, 20 or more. */
export function sizedMap(nodes: number): { readonly text: string } {
  const fixed = [...development(), ...pipeline(), ...support(), ...front()];
  const rest = Math.max(0, nodes - fixed.length);
  const services = production(rest);
  const edges = [...fixedEdges(), ...needs(services, Math.round(nodes * edgesPerNode) - 16)];
  const text = [
    'schema: territory.map/1',
    `title: A shop of ${nodes} parts`,
    'nodes:',
    ...[...fixed, ...services].map(({ id, line }) => `  ${id}: {${line}}`),
    'edges:',
    ...edges.map((edge) => `  - ${edge}`),
    'processes:',
    '  checkout: {criticality: 1, needs: [lb, shop, payments]}',
    '  browse: {criticality: 2, needs: [lb, shop, ~mail]}',
    '  support-desk: {title: support desk, criticality: 3, needs: [~mail, helpdesk]}',
    ...streams,
    '',
  ].join('\n');
  return { text };
}

const part = (id: string, line: string): Part => ({ id, line });

const development = (): Part[] => [
  part('idea', 'quadrant: development, kind: step, roles: [product owner]'),
  part('code', 'quadrant: development, kind: step, roles: [developer]'),
  part('review', 'quadrant: development, kind: step, roles: [developer, qa], wip: 5'),
];

const pipeline = (): Part[] => [
  part('git', 'quadrant: pipeline, kind: repository, repository: git.example/shop'),
  part('builder', 'quadrant: pipeline, kind: build-server, source: "builder/*"'),
  part('staging', 'quadrant: pipeline, kind: environment'),
];

const support = (): Part[] => [
  part('helpdesk', 'quadrant: support, kind: role, rota: helpdesk'),
  part('second-line', 'quadrant: support, kind: role, rota: second-line, members: 4'),
  part('dba', 'quadrant: support, kind: role'),
];

const front = (): Part[] => [
  part('users', 'quadrant: production, kind: actor, anchor: true'),
  part('lb', 'quadrant: production, kind: load-balancer, service: haproxy'),
  part(
    'shop',
    'quadrant: production, kind: app, service: shop, owner: team-checkout, release: true',
  ),
  part('orders-db', 'quadrant: production, kind: database, service: orders-db'),
  part('payments', 'quadrant: production, kind: external, service: payments, supplier: PayCo'),
  part('mail', 'quadrant: production, kind: external, service: mail, supplier: MailCo'),
];

/** What else runs: teams of some twenty services, each with its databases, queues and workers. */
function production(count: number): Part[] {
  return Array.from({ length: count }, (_, i) => {
    const team = Math.floor(i / 20) + 1;
    const [kind, name] = kinds[i % kinds.length] ?? ['app', 'api'];
    const id = `t${team}-${name}-${i + 1}`;
    const owner = `owner: team-${team}`;
    return part(
      id,
      `quadrant: production, kind: ${kind}, service: ${id}, group: team-${team}, ${owner}`,
    );
  });
}

const kinds = [
  ['app', 'api'],
  ['app', 'web'],
  ['database', 'db'],
  ['queue', 'queue'],
  ['app', 'worker'],
  ['cache', 'cache'],
  ['host', 'host'],
] as const;

const fixedEdges = (): string[] => [
  'users -> lb -> shop',
  'lb => shop',
  'shop => orders-db',
  'shop => payments',
  'shop ~> mail',
  'idea -> code -> review',
  'review -> git',
  'git -> builder -> staging',
  'staging -> shop',
  'users -> helpdesk',
  'helpdesk ^> second-line ^> dba after 30m',
];

/** Each needs one before it in its team or, now and then, of another team; the first need the shop's. */
function needs(services: readonly Part[], count: number): string[] {
  const edges = new Set<string>();
  for (let n = 0; edges.size < count && n < count * 4; n++) {
    const i = n % Math.max(1, services.length);
    const one = services[i];
    if (!one) break;
    const back = 1 + ((n * 7919) % 17);
    const other = n % 11 === 0 ? services[(i * 31 + n) % services.length] : services[i - back];
    if (other && other.id !== one.id)
      edges.add(`${one.id} ${n % 5 === 0 ? '~>' : '=>'} ${other.id}`);
    else if (i < back) edges.add(`shop ~> ${one.id}`);
  }
  return [...edges];
}

const streams = [
  'streams:',
  '  delivery:',
  '    item: change',
  '    stages:',
  '      - {id: code, node: code, enter: change.created, exit: change.created}',
  '      - {id: review, node: review, exit: change.merged}',
  '      - {id: build, node: builder, exit: artifact.packaged}',
  '      - {id: release, node: shop, exit: "service.deployed[env=production]"}',
  '  recovery:',
  '    item: incident',
  '    stages:',
  '      - {id: detected, node: helpdesk, enter: incident.detected, exit: incident.reported}',
  '      - {id: resolved, node: second-line, exit: incident.resolved}',
];
