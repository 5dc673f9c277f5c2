import { Type } from 'typebox';
import type { App } from '../http/app.ts';
import type { Parts } from '../parts.ts';
import { problem } from './answers.ts';
import { checkParams } from './check-routes.ts';
import { nagiosReport } from './nagios-view.ts';

/** What a plugin of Nagios gives on: the header has its exit code. */
export function addNagiosRoutes(app: App, { checks }: Pick<Parts, 'checks'>): void {
  for (const path of ['/checks/:id/nagios', '/api/v1/checks/:id/nagios'])
    app.get(
      path,
      {
        schema: {
          summary:
            'How a check stands, as a plugin of Nagios says it; `x-nagios-exit` is its exit code',
          tags: ['checks'],
          // The same under the shorter path, which is what plugins are given.
          hide: !path.startsWith('/api/'),
          params: checkParams,
          response: {
            200: {
              description: 'The first line, performance data behind its bar, and more lines',
              headers: { 'x-nagios-exit': { type: 'integer', minimum: 0, maximum: 3 } },
              content: { 'text/plain': { schema: Type.String() } },
            },
            401: problem(401),
            403: problem(403),
            404: problem(404),
            503: problem(503),
          },
        },
      },
      async (request, reply) => {
        const { code, text } = nagiosReport(checks.desk.show(request.params.id));
        return reply
          .header('x-nagios-exit', String(code))
          .type('text/plain; charset=utf-8')
          .send(text);
      },
    );
}
