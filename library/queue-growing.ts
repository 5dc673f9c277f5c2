/**
 * A queue that grew in each of the last ten minutes, or is deeper than can be worked off.
 *
 * Needs: a reading "queue.depth", by service.
 * Change: the name, how deep is too deep.
 */
import { events, rule } from 'territory/rules';

const depth = events.where('name = "queue.depth"').by('service');

rule('queue-growing', () =>
  depth
    .window({ every: '1m' })
    .mean()
    .window({ last: 11 })
    .fold(
      [] as readonly number[],
      (values, e) => [...values, e.metric ?? 0],
      // Eleven values have ten steps; fewer say nothing yet.
      (values) =>
        values.length < 11
          ? undefined
          : values.slice(1).filter((value, i) => value > (values[i] ?? 0)).length,
    )
    .level({ warning: 'metric >= 10', clear: 'metric <= 5' })
    .changed('state', { from: 'ok' })
    .alert({ title: 'the queue of {service} has been growing for ten minutes' }),
);

rule('queue-deep', () =>
  depth
    .level({ critical: 'metric > 10000', warning: 'metric > 1000', clear: 'metric < 800' })
    .stable('2m')
    .changed('state', { from: 'ok' })
    .alert({ title: '{metric:round} wait in the queue of {service}' }),
);
