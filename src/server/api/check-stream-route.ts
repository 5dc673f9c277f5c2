import { answerStream } from '../../checks/run/asked-stream.ts';
import type { App } from '../http/app.ts';
import type { Parts } from '../parts.ts';
import { answers } from './answers.ts';
import { StreamAnswerBody, StreamAskedBody } from './contract-checks-stream.ts';

/** POST /api/v1/checks/stream: what steps of features ask, for those that run elsewhere. */
export function addCheckStreamRoute(app: App, { checks }: Pick<Parts, 'checks'>): void {
  app.post(
    '/api/v1/checks/stream',
    {
      schema: {
        summary: 'What came in, as steps of features ask it',
        description: 'For features that are run elsewhere, as `territory test` does.',
        tags: ['checks'],
        body: StreamAskedBody,
        response: answers(StreamAnswerBody, 400, 401, 403, 503),
      },
      config: { needs: 'read', changes: false },
    },
    async (request, reply): Promise<StreamAnswerBody> => {
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const { environment, ...asked } = request.body;
      return answerStream(checks.streams(environment), asked, gone.signal);
    },
  );
}
