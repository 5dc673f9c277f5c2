/**
 * The queue of jobs: who waits too long, what hangs, what was given up, whether anything was lost, and
 * whether there is room.
 *
 * Needs: readings "newsroom.queue.oldest" (s), "newsroom.queue.lost"; readings of the types
 * "job.expired", "job.dead", "job.leased" and "worker.refused" (attribute "reason").
 */
import { events, rule } from 'territory/rules';

const production = events.where('environment = "production"');
/** Whoever tells it, it is the queue's: an encoder that died says nothing any more. */
const queue = (condition: string) =>
  production
    .where(condition)
    .map(() => ({ service: 'queue' }))
    .by('service', 'environment');

rule('oldest-waiting', () =>
  queue('name = "newsroom.queue.oldest"')
    .level({ critical: 'metric > 120', warning: 'metric > 60', clear: 'metric < 30' })
    .stable('15s')
    .changed('state', { from: 'ok' })
    .suspects({ upstream: { queue: ['encoder', 'publisher'] } })
    .alert({ title: 'the oldest job waits for {metric:round} s', team: 'pipeline' }),
);

/** A lease that ran out: its worker hangs or is gone, and the job was given to another one. */
rule('stuck-lease', () =>
  queue('type = "job.expired"')
    .window({ every: '10s', size: '1m' })
    .count()
    .level({ warning: 'metric > 0', clear: 'metric = 0' })
    .changed('state', { from: 'ok' })
    .alert({
      title: '{metric:round} leases ran out in a minute: a worker hangs or is gone',
      team: 'pipeline',
    }),
);

/** A job that no worker survives, or that fails however often it is tried. */
rule('poison', () =>
  queue('type = "job.dead"')
    .window({ every: '10s', size: '2m' })
    .count()
    .level({ critical: 'metric > 2', warning: 'metric > 0', clear: 'metric = 0' })
    .changed('state', { from: 'ok' })
    .suspects({ upstream: { queue: ['encoder'] } })
    .alert({ title: '{metric:round} jobs were given up within two minutes', team: 'pipeline' }),
);

/** Imported = published + given up + in the system, or something was lost. */
rule('conservation', () =>
  queue('name = "newsroom.queue.lost"')
    .level({ critical: 'metric > 0', clear: 'metric = 0' })
    .consecutive(3)
    .changed('state', { from: 'ok' })
    .suspects({ upstream: { queue: ['importer', 'encoder', 'publisher'] } })
    .alert({ title: '{metric:round} items came in and are nowhere', team: 'pipeline' }),
);

/** No room: workers take no jobs. It is over when one is taken again. */
rule('no-room', () =>
  production
    .where('type = "worker.refused" or type = "job.leased"')
    .map((e) => ({ service: 'clips', state: e.type === 'worker.refused' ? 'critical' : 'ok' }))
    .by('service', 'environment')
    .changed('state', { from: 'ok' })
    .alert({ title: 'no jobs are taken: {reason}', team: 'pipeline' }),
);
