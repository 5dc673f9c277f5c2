/**
 * A machine that is short of processor time, memory or swap for minutes, not for a moment.
 *
 * Needs: the host probe, or any sender of OpenTelemetry's `system.*` metrics.
 * Change: the limits below; `stable` says how long it must last.
 */
import { events, rule } from 'territory/rules';

rule('host-cpu', () =>
  events
    .where('name = "system.cpu.utilization" and label.cpu.mode = "idle"')
    .by('host')
    .window({ every: '1m' })
    .mean()
    .map((e) => ({ metric: 1 - (e.metric ?? 1) }))
    .level({ critical: 'metric > 0.97', warning: 'metric > 0.9', clear: 'metric < 0.8' })
    .stable('5m')
    .alert({ title: 'processors of {host} are {metric:percent} busy' }),
);

rule('host-memory', () =>
  events
    .where('name = "system.memory.utilization" and label.system.memory.state = "used"')
    .by('host')
    .level({ critical: 'metric > 0.95', warning: 'metric > 0.9', clear: 'metric < 0.85' })
    .stable('5m')
    .alert({ title: 'memory of {host} is {metric:percent} used' }),
);

rule('host-swap', () =>
  events
    .where('name = "system.paging.utilization" and label.system.paging.state = "used"')
    .by('host')
    .level({ warning: 'metric > 0.5', clear: 'metric < 0.3' })
    .stable('10m')
    .alert({ title: 'swap of {host} is {metric:percent} used' }),
);
