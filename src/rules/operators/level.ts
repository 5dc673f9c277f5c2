import type { OperatorKind } from '../engine/operator.ts';
import { conditionOf, written } from './look.ts';

/**
 * Sets `state` by thresholds: critical before warning before ok. With `clear`, a key that was
 * warning or critical goes back to ok only where `clear` holds (hysteresis). An event without
 * `metric` says nothing and is left out. Keeps one word a key.
 */
export const level: OperatorKind = {
  stateful: true,
  label: (args) =>
    ['critical', 'warning', 'clear']
      .filter((name) => args[name] !== undefined)
      .map((name) => `${name}: ${written(args[name])}`)
      .join(', '),
  start: ({ args, send, get, set }) => {
    const never = (): boolean => false;
    const of = (name: string) => (args[name] === undefined ? never : conditionOf(args[name]));
    const critical = of('critical');
    const warning = of('warning');
    const clear = args['clear'] === undefined ? undefined : conditionOf(args['clear']);
    return {
      event: (event, scope) => {
        if (event.metric === undefined) return;
        const last = get(scope);
        let state = critical(event) ? 'critical' : warning(event) ? 'warning' : 'ok';
        if (state === 'ok' && clear && typeof last === 'string' && !clear(event)) state = last;
        set(scope, state === 'ok' ? undefined : state);
        send({ ...event, state }, scope);
      },
    };
  },
};
