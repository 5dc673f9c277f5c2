/**
 * Sign-ups or spend that fall well below the same hour of last week. What people do has the rhythm of a
 * week, so yesterday is the wrong day to compare with.
 *
 * Needs: readings "signups" (1 each) and "spend" (an amount).
 * Change: the names; how far below is too far.
 */
import { events, rule } from 'territory/rules';

const hours = 7 * 24;

for (const name of ['signups', 'spend'])
  rule(`${name}-against-last-week`, { idle: '2w', lateness: '1m' }, () =>
    events
      .where(`name = "${name}"`)
      .window({ every: '1h' })
      .sum()
      .window({ last: hours + 1 })
      .fold(
        [] as readonly number[],
        (values, e) => [...values, e.metric ?? 0],
        (values) => {
          const before = values.length > hours ? values[0] : undefined;
          const now = values.at(-1);
          return before === undefined || now === undefined || before < 20
            ? undefined
            : now / before;
        },
      )
      .level({ critical: 'metric < 0.5', warning: 'metric < 0.7', clear: 'metric > 0.8' })
      .changed('state', { from: 'ok' })
      .suspects({ before: '2h' })
      .alert({ title: `${name}: {metric:percent} of the same hour last week` }),
  );
