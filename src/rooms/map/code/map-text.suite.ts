/** The map of docs/formats/map.md, as tests read it. */
export const exampleMap = `schema: territory.map/1
nodes:                       # one namespace; quadrant decides the frame
  users:      {quadrant: production, kind: actor, anchor: true}       # always top row
  lb:         {quadrant: production, kind: load-balancer, service: haproxy}
  web/1:      {quadrant: production, kind: web, group: web}
  web/2:      {quadrant: production, kind: web, group: web}
  web/3:      {quadrant: production, kind: web, group: web}
  shop:       {quadrant: production, kind: app, service: shop, owner: team-checkout, release: true}
  orders-db:  {quadrant: production, kind: database, service: orders-db}
  mail:       {quadrant: production, kind: mail}
  payments:   {quadrant: production, kind: external, supplier: PayCo, check: smoke/payments.feature}
  git:        {quadrant: pipeline, kind: repository}
  builder:    {quadrant: pipeline, kind: build-server, source: "builder/*"}
  staging:    {quadrant: pipeline, kind: environment}
  code:       {quadrant: development, kind: step, roles: [developer]}
  review:     {quadrant: development, kind: step, roles: [developer, qa], wip: 5}
  helpdesk:   {quadrant: support, kind: role, rota: helpdesk}
  second-line: {quadrant: support, kind: role, rota: second-line, members: 4, mix: {ops: 2, dev: 2}}
  dba:        {quadrant: support, kind: role, rota: dba}
edges:
  - users -> lb -> shop                       # flow
  - shop => orders-db                         # hard need
  - shop ~> mail                              # soft need
  - lb => web/* need 2                        # n-of-m group
  - helpdesk ^> second-line ^> dba after 30m  # escalation
processes:                    # the three key business processes
  checkout: {criticality: 1, needs: [lb, shop, payments], observed: {sli: "rate(order.placed)", ok: "> 0.5 of same hour last week"}}
streams:
  delivery:
    item: change
    stages:
      - {id: code,    node: code,    enter: commit.authored, exit: change.created}
      - {id: review,  node: review,  exit: change.merged, active: [review.started..change.reviewed]}
      - {id: build,   node: builder, exit: artifact.packaged, active: [build.started..build.finished]}
      - {id: staging, node: staging, exit: testsuiterun.finished[env=staging,outcome=pass]}
      - {id: release, node: shop,    exit: service.deployed[env=production]}
  recovery:
    item: incident
    stages:
      - {id: detected, node: helpdesk, enter: incident.detected, exit: incident.acknowledged}
      - {id: acknowledged, node: second-line, exit: incident.mitigated}
      - {id: mitigated, node: second-line, exit: incident.resolved}
bind:                        # how events find nodes; first match wins; unmatched → "off the map" tray
  - {match: {service.name: "{node.service}"}}
  - {match: {source: "{node.source}"}}
`;
