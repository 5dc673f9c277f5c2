/**
 * A process whose memory grows and grows: so fast, and for so long, that it is no warming up.
 *
 * Needs: a reading "process.memory.usage" in bytes, by instance.
 */
import { events, rule } from 'territory/rules';

const mega = 1024 * 1024;

/** Sums for a straight line through (minutes since the first reading, bytes). */
interface Sums {
  readonly first: number;
  readonly last: number;
  readonly n: number;
  readonly t: number;
  readonly m: number;
  readonly tt: number;
  readonly tm: number;
}
const none: Sums = { first: 0, last: 0, n: 0, t: 0, m: 0, tt: 0, tm: 0 };

/** MB a minute by the line of least squares; nothing for less than a minute of readings. */
function slope({ first, last, n, t, m, tt, tm }: Sums): number | undefined {
  const spread = n * tt - t * t;
  if (last - first < 50_000 || spread === 0) return undefined;
  return (n * tm - t * m) / spread / mega;
}

rule('growing-memory', () =>
  events
    .where('name = "process.memory.usage"')
    .by('service', 'environment', 'label.service.instance.id')
    .window({ every: '10s', size: '90s' })
    .fold(
      none,
      (sums, e) => {
        const first = sums.n === 0 ? e.time : sums.first;
        const t = (e.time - first) / 60_000;
        const m = e.metric ?? 0;
        return {
          first,
          last: e.time,
          n: sums.n + 1,
          t: sums.t + t,
          m: sums.m + m,
          tt: sums.tt + t * t,
          tm: sums.tm + t * m,
        };
      },
      slope,
    )
    .level({ critical: 'metric > 30', warning: 'metric > 10', clear: 'metric < 4' })
    .consecutive(4)
    .changed('state', { from: 'ok' })
    .suspects({ before: '15m' })
    .alert({
      title: 'memory of {service} {service.instance.id} grows by {metric:round} MB a minute',
      team: 'web',
    }),
);

/** What the machine or the runner saw end. */
rule('instance-died', () =>
  events
    .where('type = "dev.cdeventsx.territory-instance.died"')
    .by('service', 'environment')
    .window({ every: '10s', size: '2m' })
    .count()
    .level({ critical: 'metric >= 3', warning: 'metric >= 1', clear: 'metric = 0' })
    .changed('state', { from: 'ok' })
    .suspects({ before: '15m' })
    .alert({ title: 'an instance of {service} died {metric:round} times in two minutes' }),
);
