import type { Draft } from '../../event/event.ts';
import type { OperatorKind } from '../engine/operator.ts';
import { written } from './look.ts';

/** What goes over from the event. */
const kept = [
  'subject',
  'service',
  'host',
  'environment',
  'name',
  'state',
  'metric',
  'ttl',
  'tags',
  'attributes',
] as const;

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
        const { time } = event;
        const draft: Record<string, unknown> = { time, type };
        for (const field of kept) if (event[field] !== undefined) draft[field] = event[field];
        if (name !== undefined) draft['name'] = name;
        if (ttl !== undefined) draft['ttl'] = ttl;
        decide({ kind: 'emit', at: time, event: draft as unknown as Draft }, scope); // type is set
      },
    };
  },
};
