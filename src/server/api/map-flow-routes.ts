import type { MapModel } from '../../rooms/map/model.ts';
import { apiError } from '../errors.ts';
import type { App } from '../http/app.ts';
import type { FlowDesk } from '../map/flow/flow-desk.ts';
import { answers } from './answers.ts';
import { FlowAnswer, FlowQuery } from './contract-map-flow.ts';
import { readTime } from './times.ts';

/** Without `from` so much before `to`, ms. */
const defaultLength = 30 * 86_400_000;

/** What the routes need of the server. */
interface FlowParts {
  readonly map: {
    readonly flow: Pick<FlowDesk, 'answer'>;
    readonly desk: { readonly model: () => MapModel };
  };
  /** ms since the epoch. */
  readonly now: () => number;
}

/** GET /api/v1/map/flow */
export function addMapFlowRoutes(app: App, { map, now }: FlowParts): void {
  app.get(
    '/api/v1/map/flow',
    {
      schema: {
        summary: 'The times of a value stream: lead time, work, wait, rework, flow, bottleneck',
        description:
          'Of the items that were finished between `from` and `to`: times as RFC 3339 or ms since the epoch, by default the last 30 days. Figures are null where nothing can be told.',
        tags: ['map'],
        querystring: FlowQuery,
        response: answers(FlowAnswer, 400, 401, 403, 404, 503),
      },
    },
    async (request): Promise<FlowAnswer> => {
      const { stream, from: begin, to: end } = request.query;
      const to = end === undefined ? now() : readTime(end, 'to');
      const from = begin === undefined ? to - defaultLength : readTime(begin, 'from');
      if (from < to) return map.flow.answer(map.desk.model(), { stream, from, to });
      const written = [from, to].map((time) => new Date(time).toISOString());
      throw apiError('TIME_RANGE', `from ${written[0]} is not before to ${written[1]}`, {
        field: 'from',
      });
    },
  );
}
