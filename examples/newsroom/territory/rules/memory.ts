/**
 * A process whose memory grows and grows: so fast, and for so long, that it is no warming up.
 *
 * Needs: a reading "process.memory.usage" in bytes, by instance.
 */
import { events, rule } from 'territory/rules';

const mega = 1024 * 1024;

/** A reading: minutes since the epoch, bytes. */
type Reading = readonly [at: number, bytes: number];

/** MB a minute, by the line of least squares through the readings. */
function slope(readings: readonly Reading[]): number {
  const n = readings.length;
  const meanAt = readings.reduce((sum, [at]) => sum + at, 0) / n;
  const meanBytes = readings.reduce((sum, [, bytes]) => sum + bytes, 0) / n;
  const spread = readings.reduce((sum, [at]) => sum + (at - meanAt) ** 2, 0);
  const product = readings.reduce(
    (sum, [at, bytes]) => sum + (at - meanAt) * (bytes - meanBytes),
    0,
  );
  return product / spread / mega;
}

/** How fast it grows, in all and lately: what warmed up and stays there does not grow any more. */
function growth(readings: readonly Reading[]): number | undefined {
  const [first] = readings;
  const last = readings.at(-1);
  if (first === undefined || last === undefined || last[0] - first[0] < 1.7) return undefined;
  const lately = readings.filter(([at]) => at > last[0] - 0.9);
  return lately.length < 3 ? undefined : Math.min(slope(readings), slope(lately));
}

rule('growing-memory', () =>
  events
    .where('name = "process.memory.usage" and environment = "production"')
    .by('service', 'environment', 'label.service.instance.id')
    .window({ every: '10s', size: '2m' })
    .fold(
      [] as readonly Reading[],
      (readings, e) => [...readings, [e.time / 60_000, e.metric ?? 0] as const],
      growth,
    )
    .level({ critical: 'metric > 40', warning: 'metric > 14', clear: 'metric < 7' })
    .consecutive(3)
    .changed('state', { from: 'ok' })
    .suspects({ before: '15m' })
    .alert({
      title: 'memory of {service} {service.instance.id} grows by {metric:round} MB a minute',
      team: 'web',
    }),
);

/** What the runner saw end, again and again. One that ends once is started again, and the map counts it. */
rule('dying-instances', () =>
  events
    .where('type = "dev.cdeventsx.territory-instance.died" and environment = "production"')
    .by('service', 'environment')
    .window({ every: '10s', size: '2m' })
    .count()
    .level({ critical: 'metric >= 6', warning: 'metric >= 3', clear: 'metric < 2' })
    .changed('state', { from: 'ok' })
    .suspects({ before: '15m' })
    .alert({ title: 'instances of {service} died {metric:round} times in two minutes' }),
);
