import type { ServerResponse } from 'node:http';
import { Type } from 'typebox';
import type { App } from '../http/app.ts';
import { securityHeaders } from '../http/headers.ts';
import type { Parts } from '../parts.ts';
import { problem } from './answers.ts';
import { TryBody } from './contract-checks.ts';

/** A comment is sent after this much silence, ms. */
const heartbeatMs = 10_000;

const description = `Server-sent events. \`step\` (TryStep): a step that ended, with the number of the attempt.
\`scenario\` (TryScenario): one that ended. \`end\` at last: \`problem\` says what kept it from being run, else it is
null. Nothing of it is recorded. Who hangs up ends it.`;

/** POST /api/v1/checks/try */
export function addCheckTryRoute(app: App, { checks }: Pick<Parts, 'checks'>): void {
  const { desk } = checks;
  app.post(
    '/api/v1/checks/try',
    {
      schema: {
        summary: 'Run the scenarios of a text against an environment, now',
        description,
        tags: ['checks'],
        body: TryBody,
        response: {
          200: {
            description: 'The stream',
            content: { 'text/event-stream': { schema: Type.String() } },
          },
          400: problem(400),
          401: problem(401),
          403: problem(403),
          503: problem(503),
        },
      },
      config: { needs: 'act' },
    },
    async (request, reply) => {
      const { body } = request;
      desk.mayTry(body);
      reply.hijack();
      await serve(reply.raw, (send, signal) =>
        desk.try(
          body,
          (told) => send(told.kind, told.kind === 'step' ? told.step : told.scenario),
          signal,
        ),
      );
    },
  );
}

type Send = (event: string, data: unknown) => void;

async function serve(
  response: ServerResponse,
  run: (send: Send, signal: AbortSignal) => Promise<{ readonly problem: string | undefined }>,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  response.writeHead(200, {
    ...securityHeaders,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    // nginx would collect events otherwise.
    'x-accel-buffering': 'no',
  });
  const beat = setInterval(() => response.write(': \n\n'), heartbeatMs);
  const send: Send = (event, data) => {
    if (!gone.signal.aborted) response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  try {
    const { problem: why = null } = await run(send, gone.signal);
    send('end', { problem: why });
  } catch (error) {
    send('end', { problem: error instanceof Error ? error.message : String(error) });
  } finally {
    clearInterval(beat);
    response.end();
  }
}
