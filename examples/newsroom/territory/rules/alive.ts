/**
 * Who is alive, as heartbeats that the map understands: each process tells every 5 s how much memory it
 * has, so whoever was silent for 20 s is missed by its silence.
 *
 * Needs: readings "process.memory.usage" with the attribute "service.instance.id".
 */
import { events, rule } from 'territory/rules';

const { many, else: one } = events
  .where('name = "process.memory.usage" and service != nil')
  .route({ many: 'environment = "production" and (service = "site" or service = "encoder")' });

/** Of those who should be two, each by itself: instances come and go, and the map counts them. */
rule('alive-instances', { idle: '10m' }, () =>
  many
    .by('service', 'environment', 'label.service.instance.id')
    .map(() => ({ state: 'ok', metric: undefined }))
    .emit({ type: 'heartbeat', name: 'alive', ttl: '20s' }),
);

/** Of the others whoever it is: a process that was started again is the same to everybody else. */
rule('alive', { idle: '10m' }, () =>
  one
    .by('service', 'environment')
    .map(() => ({ state: 'ok', metric: undefined, attributes: undefined }))
    .emit({ type: 'heartbeat', name: 'alive', ttl: '20s' }),
);
