/** A small shop, some of whose parts are in groups, have limits, or are not named by anybody. */
export const shop = `schema: territory.map/1
title: Shop
nodes:
  users: {quadrant: production, kind: actor, title: Customers, anchor: true}
  lb: {quadrant: production, kind: load-balancer, title: Load balancer, service: haproxy}
  web1: {quadrant: production, kind: app, service: web1, group: web}
  web2: {quadrant: production, kind: app, service: web2, group: web}
  api:
    quadrant: production
    kind: app
    title: API
    service: api
    owner: team blue
    rota: second-line
    runbook: https://wiki.example.org/api
    limits: [{metric: latency.ms, warning: "160", critical: "220"}]
  orders-db: {quadrant: production, kind: database, title: Orders database, service: orders-db}
  git/shop: {quadrant: pipeline, kind: repository, repository: github.com/acme/shop}
edges:
  - users -> lb
  - lb => web1
  - lb => api
  - api => orders-db
processes:
  checkout: {title: Checkout, criticality: 1, needs: [lb]}
  mailing:
    title: Mailing
    criticality: 3
    needs: [web2]
    observed: {sli: "rate(mail.sent)", ok: "> 0.001/s"}
`;

/** A check of a service, good for a day. */
export const check = (service: string, state: string, changes: Record<string, unknown> = {}) => ({
  type: 'check',
  name: `${service}-alive`,
  service,
  state,
  ttl: 86_400,
  ...changes,
});
/** The API was deployed ten minutes ago. */
export const deployed = {
  type: 'dev.cdevents.service.deployed.0.3.0',
  id: 'api-7',
  source: '/pipelines/api',
  subject: 'api',
  service: 'api',
  environment: 'production',
  time: Date.now() - 600_000,
  attributes: { 'deployment.id': 'api-7', 'service.version': '4.2.1' },
};
