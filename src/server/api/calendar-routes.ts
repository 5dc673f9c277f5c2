import { Type } from 'typebox';
import { calendarOf } from '../../rooms/gates/calendar.ts';
import { icsOf } from '../../rooms/gates/ics.ts';
import { apiError } from '../errors.ts';
import type { App } from '../http/app.ts';
import type { Parts } from '../parts.ts';
import { answers, problem } from './answers.ts';
import { Calendar, CalendarQuery } from './contract-gates.ts';
import { readTime } from './times.ts';

const tags = ['releases'];
const day = 86_400_000;
const longest = 200 * day;

interface Default {
  /** Before and after now, ms. */
  readonly back: number;
  readonly ahead: number;
}

/** The calendar of releases, as JSON and as iCalendar. */
export function addCalendarRoutes(app: App, { gates, deploys, now, publicUrl }: Parts): void {
  const made = async (query: CalendarQuery, wide: Default) => {
    const range = rangeOf(query, now(), wide);
    const { state } = gates.desk.keeper;
    const [past, ahead] = await Promise.all([gates.desk.deploys(), deploys.desk.telling.ahead()]);
    return { ...range, ...calendarOf(state, past, range, ahead) };
  };
  app.get(
    '/api/v1/releases/calendar',
    {
      schema: {
        summary:
          'Windows, freezes, locks, post-its with an end, deploys of the past and those that wait, and reserved times, by their start',
        description: 'Nothing is booked here: all of it follows from what is declared and known.',
        tags,
        querystring: CalendarQuery,
        response: answers(Calendar, 400, 401, 403, 503),
      },
    },
    async (request): Promise<Calendar> => {
      const { entries, ...rest } = await made(request.query, { back: 7 * day, ahead: 28 * day });
      return { ...rest, entries: [...entries] };
    },
  );
  app.get(
    '/api/v1/releases/calendar.ics',
    {
      schema: {
        summary: 'The same as iCalendar (RFC 5545), to be subscribed to',
        tags,
        querystring: CalendarQuery,
        response: {
          200: {
            description: 'The calendar',
            content: { 'text/calendar': { schema: Type.String() } },
          },
          400: problem(400),
          401: problem(401),
          503: problem(503),
        },
      },
    },
    async (request, reply) => {
      const { entries } = await made(request.query, { back: 30 * day, ahead: 60 * day });
      const host = new URL(publicUrl()).hostname;
      return reply.type('text/calendar; charset=utf-8').send(icsOf(entries, { host }));
    },
  );
}

function rangeOf(query: CalendarQuery, now: number, { back, ahead }: Default) {
  const from = query.from === undefined ? now - back : readTime(query.from, 'from');
  const to = query.to === undefined ? Math.max(from, now) + ahead : readTime(query.to, 'to');
  if (to <= from || to - from > longest)
    throw apiError('TIME_RANGE', 'to lies after from, by 200 days at most', { field: 'to' });
  return { from, to };
}
