/**
 * A file system that will be full within a day if it goes on as in the last hour; and one that nearly is.
 *
 * Needs: the host probe, or any sender of "system.filesystem.utilization" (0 to 1).
 * Change: `ahead`, and how full is full.
 */
import { events, rule } from 'territory/rules';

const day = 24 * 3_600_000;
const ahead = day;

/** Sums for a straight line through (time, metric); times in days since the first, to stay exact. */
interface Sums {
  first: number;
  last: number;
  n: number;
  t: number;
  m: number;
  tt: number;
  tm: number;
}

const none: Sums = { first: 0, last: 0, n: 0, t: 0, m: 0, tt: 0, tm: 0 };

/** The value of the least squares line so long (ms) behind its last point. */
function predicted({ first, last, n, t, m, tt, tm }: Sums): number | undefined {
  const spread = n * tt - t * t;
  if (n < 10 || spread === 0) return undefined;
  const slope = (n * tm - t * m) / spread;
  return m / n + slope * ((last - first + ahead) / day - t / n);
}

const usage = events
  .where('name = "system.filesystem.utilization"')
  .by('host', 'system.filesystem.mountpoint');

rule('disk-will-be-full', () =>
  usage
    .window({ every: '5m', size: '1h' })
    .fold(
      none,
      (sums, e) => {
        const first = sums.n === 0 ? e.time : sums.first;
        const t = (e.time - first) / day;
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
      predicted,
    )
    .level({ warning: 'metric >= 1', clear: 'metric < 0.9' })
    .consecutive(3)
    .changed('state', { from: 'ok' })
    .alert({ title: '{system.filesystem.mountpoint} of {host} will be full within a day' }),
);

rule('disk-full', () =>
  usage
    .level({ critical: 'metric > 0.95', warning: 'metric > 0.9', clear: 'metric < 0.88' })
    .changed('state', { from: 'ok' })
    .alert({ title: '{system.filesystem.mountpoint} of {host} is {metric:percent} full' }),
);
