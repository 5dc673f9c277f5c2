/**
 * Instances that are alive, as heartbeats that the map understands: who works for visitors or on jobs
 * has said so within 20 seconds. An instance that is killed is missed by its own silence.
 *
 * Needs: readings with the attribute "service.instance.id".
 */
import { events, rule } from 'territory/rules';

rule('alive', { idle: '10m' }, () =>
  events
    .where(
      '(service = "site" and name = "http.server.request.duration") or type = "worker.heartbeat"',
    )
    .where('service.instance.id')
    .by('service', 'environment', 'label.service.instance.id')
    .throttle(1, '5s')
    .map(() => ({ state: 'ok', metric: undefined }))
    .emit({ type: 'heartbeat', name: 'alive', ttl: '20s' }),
);
