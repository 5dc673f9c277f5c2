import type { Draft } from '../../event/event.ts';
import type { OperatorKind } from '../engine/operator.ts';
import { written } from './look.ts';

/**
 * *Track*: puts the event on the log as a derived reading or fact. Where it came from stays visible:
 * the attribute `rule` is set when it is appended. Keeps nothing.
 */
export const emit: OperatorKind = {
  stateful: false,
  label: ({ name, type }) => written(name ?? type),
  start: ({ args, decide }) => {
    const name = args['name'] as string | undefined;
    const type = (args['type'] as string | undefined) ?? 'metric';
    const ttl = args['ttl'] === undefined ? undefined : Number(args['ttl']) / 1000;
    return {
      event: (event, scope) => {
        const { time, service, host, environment, state, metric, tags, attributes, subject } =
          event;
        const draft: Record<string, unknown> = {
          time,
          type,
          subject,
          service,
          host,
          environment,
          name: name ?? event.name,
          state,
          metric,
          ttl: ttl ?? event.ttl,
          tags,
          attributes,
        };
        for (const field in draft) if (draft[field] === undefined) delete draft[field];
        decide({ kind: 'emit', at: time, event: draft as unknown as Draft }, scope); // type is set
      },
    };
  },
};
