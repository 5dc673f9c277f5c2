/**
 * Whoever sends heartbeats and falls silent. Silence of a metric proves nothing; that of a heartbeat does.
 *
 * Needs: events of type "heartbeat" or with the tag "heartbeat" (the host probe sends them).
 * Change: how long silence is normal; three to nine times the interval of the senders.
 */
import { events, rule } from 'territory/rules';

rule('heartbeat', () =>
  events
    .where('type = "heartbeat" or tagged "heartbeat"')
    .by('host', 'service')
    .absent('90s')
    .alert({ title: '{host} {service} went silent' }),
);
