// @ts-check
import { randomUUID } from 'node:crypto';

/**
 * The CDEvent of a case: what it is about, and not who wrote it.
 * https://cdevents.dev/docs/ticket-events/
 * @param {{ id: string, subject: string, environment: string, now: number }} letter
 */
export function ticketCreated({ id, subject, environment, now }) {
  const context = {
    specversion: '0.5.0',
    id: randomUUID(),
    source: 'newsroom/site',
    type: 'dev.cdevents.ticket.created.0.2.0',
    timestamp: new Date(now).toISOString(),
  };
  const content = {
    summary: subject,
    ticketType: 'question',
    group: 'support',
    creator: 'visitor',
    uri: `/support/${id}`,
    labels: [environment],
  };
  return {
    id: context.id,
    type: context.type,
    source: context.source,
    time: now,
    subject: id,
    attributes: { 'ticket.id': id },
    data: { context, subject: { id, content } },
  };
}
