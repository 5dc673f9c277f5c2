import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { World } from './world.ts';
import { FactsFrom, imageOf, shaOf } from '../../src/rooms/map/flow/facts.suite.ts';
import type { HealthWord, MapAnswer } from '../../src/server/api/contract-map.ts';
import type { TimelineAnswer } from '../../src/server/api/contract-map-detail.ts';

const text = `schema: territory.map/1
title: The shop
nodes:
  users: {quadrant: production, kind: actor, title: Users, anchor: true}
  lb: {quadrant: production, kind: load-balancer, title: Load balancer, service: haproxy}
  shop: {quadrant: production, kind: app, title: Shop, service: shop, release: true}
  orders-db: {quadrant: production, kind: database, title: Orders database, service: orders-db}
  mail: {quadrant: production, kind: external, title: Mail, service: mail}
  git: {quadrant: pipeline, kind: repository}
  builder: {quadrant: pipeline, kind: build-server, title: Builder}
  staging: {quadrant: pipeline, kind: environment, title: Staging}
  code: {quadrant: development, kind: step, title: Code}
  review: {quadrant: development, kind: step, title: Review, wip: 3}
  helpdesk: {quadrant: support, kind: role, title: Help desk}
edges:
  - users -> lb -> shop
  - lb => shop
  - shop => orders-db
  - shop ~> mail
  - code -> review
processes:
  checkout:
    title: Checkout
    criticality: 1
    needs: [lb, shop]
    observed: {sli: "rate(order.placed)", ok: "> 0.01"}
  letters: {title: Letters, criticality: 2, needs: [mail]}
streams:
  delivery:
    title: Delivery
    item: change
    stages:
      - {id: code, title: Code, node: code, enter: commit.authored, exit: change.created}
      - {id: review, title: Review, node: review, exit: change.merged}
      - {id: build, title: Build, node: builder, exit: artifact.packaged, active: [pipelinerun.started..pipelinerun.finished]}
      - {id: staging, title: Staging, node: staging, exit: "testsuiterun.finished[env=staging,outcome=pass]"}
      - {id: release, title: Release, node: shop, exit: "service.deployed[env=production]"}
  recovery:
    title: Recovery
    item: incident
    stages:
      - {id: detect, title: Detect, node: helpdesk, enter: incident.detected, exit: incident.resolved}
`;

/** A world with the map of a small shop. */
export class MapWorld extends World {
  override async start(): Promise<void> {
    mkdirSync(join(this.dir, 'data/map'), { recursive: true });
    writeFileSync(join(this.dir, 'data/map/map.yaml'), text);
    await super.start();
  }

  /** A check of a service; good for an hour. */
  check(service: string, state: 'ok' | 'critical', ttl = 3_600): Promise<unknown> {
    return this.send({
      type: 'check',
      name: 'up',
      service,
      state,
      ttl,
      data: state === 'ok' ? 'answers' : 'connection refused',
    });
  }

  async get<T>(path: string): Promise<T> {
    const response = await fetch(this.url + path, {
      headers: { authorization: `Bearer ${this.token}` },
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T; // the server's own schema made it
  }

  /** Asks until it is so: what the map follows is read by others at their own pace. */
  async until<T>(path: string, is: (answer: T) => boolean): Promise<T> {
    let last: unknown;
    for (let tries = 0; tries < 600; tries++) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one question after the other
        const answer = await this.get<T>(path);
        if (is(answer)) return answer;
        last = answer;
      } catch (error) {
        last = String(error);
      }
      // oxlint-disable-next-line no-await-in-loop -- polling is all the API offers
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${path} never was as awaited: ${JSON.stringify(last).slice(0, 2_000)}`);
  }

  /** Waits until a node is so. */
  nodeIs(id: string, state: HealthWord): Promise<MapAnswer> {
    return this.until<MapAnswer>('/api/v1/map', ({ nodes }) =>
      nodes.some((node) => node.id === id && node.health.shown === state),
    );
  }

  /** Waits until it stands in the recording that a node has become so. */
  recorded(id: string, state: HealthWord): Promise<TimelineAnswer> {
    return this.until<TimelineAnswer>(
      `/api/v1/map/timeline?id=${id}`,
      ({ changes }) => changes.at(-1)?.to === state,
    );
  }

  /** All is well, then the database is down, then it is well again. */
  async outage(): Promise<void> {
    for (const service of ['haproxy', 'shop', 'orders-db', 'mail'])
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await this.check(service, 'ok');
    await this.recorded('orders-db', 'ok');
    await this.check('orders-db', 'critical');
    await this.recorded('orders-db', 'down');
    await this.check('orders-db', 'ok');
    await this.recorded('orders-db', 'ok');
  }

  /** Changes that went all the way in the last days; review takes longest. */
  async deliver(): Promise<void> {
    const hour = 3_600_000;
    const facts = new FactsFrom(Math.floor(Date.now() / hour) * hour - 200 * hour);
    const all = Array.from({ length: 8 }, (_, at) => at + 1).flatMap((n) => {
      const [head, merge, before] = [shaOf('a', n), shaOf('b', n), shaOf('b', n - 1)];
      const [at, merged, run] = [16 * n, 17 * n + 1, `90000000${n}`];
      const title = `${n % 2 === 0 ? 'fix' : 'feat'}: change ${n}`;
      return [
        facts.commit(at, head, [before], { title }),
        facts.change(at + 1, 'created', n, { head, title }),
        facts.change(merged, 'merged', n, { head, merged: merge }),
        facts.commit(merged, merge, [before, head], { title }),
        facts.run(merged + 0.25, 'started', run, merge),
        facts.run(merged + 0.75, 'success', run, merge),
        facts.packaged(merged + 1, imageOf(n), run),
        facts.tested(merged + 2, `t${n}`, imageOf(n), 'pass'),
        facts.service(merged + 4, 'deployed', imageOf(n)),
      ];
    });
    await this.send(...all);
  }
}
