import { IdentityHash } from '../../event/identity.ts';
import type { Decoded } from '../decoded.ts';
import { labelled, pairsOf, plainOf, resourceLabels } from './attributes.ts';
import type { Item } from './body.ts';
import type { LogRecord } from './model.ts';

const words = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

const hash = new IdentityHash();

/** A log record as an event. `index`: its place in the request, by which equal ones are told apart. */
export function logOf({ resource, scope, item }: Item<LogRecord>, index: number): Decoded {
  const { severityNumber = 0, traceId, spanId } = item;
  const time = item.timeUnixNano || item.observedTimeUnixNano;
  const labels = [...resourceLabels(resource, scope), ...pairsOf(item.attributes)];
  const data = plainOf(item.body);
  const { attributes, ...fields } = labelled(labels);
  hash.start('');
  hash.text(JSON.stringify([index, time, labels, data, traceId, spanId]));
  hash.finish();
  return {
    ...(time && {
      time: Math.floor(time),
      id: `${hash.high.toString(36)}.${hash.low.toString(36)}`,
    }),
    type: 'log',
    ...fields,
    ...(severityNumber > 0 && { state: stateOf(severityNumber) }),
    attributes: { ...attributes, ...severityOf(item), ...links(item) },
    ...(data !== null && { data }),
  };
}

function severityOf({ severityNumber = 0, severityText = '' }: LogRecord) {
  const severity = severityText.toLowerCase() || wordOf(severityNumber);
  return {
    ...(severity !== undefined && { severity }),
    ...(severityNumber > 0 && { 'severity.number': String(severityNumber) }),
  };
}

function links({ traceId, spanId, eventName }: LogRecord) {
  return {
    ...(traceId && { 'trace.id': traceId }),
    ...(spanId && { 'span.id': spanId }),
    ...(eventName && { 'event.name': eventName }),
  };
}

/** 1 to 4 are trace, 5 to 8 debug, and so on (logs data model, "SeverityNumber"). */
function wordOf(number: number): string | undefined {
  return number > 0 ? words[Math.floor((number - 1) / 4)] : undefined;
}

function stateOf(number: number): string {
  if (number >= 17) return 'critical';
  return number >= 13 ? 'warning' : 'ok';
}
