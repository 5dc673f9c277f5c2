import { fromCDEvent, isCDEvent } from './cdevents/cdevent.ts';
import { type Checked, checkDraft } from './check.ts';
import { fromCloudEvent } from './cloudevents/structured.ts';
import { isRecord } from './json.ts';
import type { EventLimits } from './limits.ts';

/**
 * Takes an event in whichever JSON shape it was sent: our own, a CloudEvent (known by its
 * `specversion`) or a bare CDEvent (known by its `context` and `subject`), and checks it as such.
 *
 * @param value as `JSON.parse` gave it
 * @param now ms since the epoch, UTC
 */
export function acceptEvent(value: unknown, limits: EventLimits, now: number): Checked {
  if (isRecord(value) && Object.hasOwn(value, 'specversion'))
    return fromCloudEvent(value, limits, now);
  if (isCDEvent(value)) return fromCDEvent(value, limits, now);
  return checkDraft(value, limits, now);
}
