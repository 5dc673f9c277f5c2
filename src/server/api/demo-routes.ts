import type { App } from '../http/app.ts';
import type { Parts } from '../parts.ts';
import { answers } from './answers.ts';
import { AskChaos, Chaos, Demo, Replay, ReplayTaken } from './contract-demo.ts';
import { again, givenBy } from './giving.ts';

const tags = ['demo'];
const base = '/api/v1/demo';

/** Everything under /api/v1/demo. */
export function addDemoRoutes(app: App, { demo }: Pick<Parts, 'demo'>): void {
  app.get(
    base,
    {
      schema: {
        summary: 'The demo that runs around this server: its story, chaos, architectures, tour',
        description: 'On every other server `running` is false, and nothing is known.',
        tags,
        response: answers(Demo, 401, 403, 503),
      },
    },
    async (): Promise<Demo> => demo.desk.show(),
  );
  app.post(
    `${base}/chaos`,
    {
      schema: {
        summary: 'Ask for chaos, or for its end',
        description: `It is written down as a fact; the demo reads that and does it for real. \`state\` says how far it is. ${again}`,
        tags,
        body: AskChaos,
        response: answers(Chaos, 400, 401, 403, 409, 503),
      },
      config: { needs: 'act' },
    },
    async (request): Promise<Chaos> => demo.desk.ask(request.body, givenBy(request)),
  );
  app.post(
    `${base}/replay`,
    {
      schema: {
        summary: 'Events of a recording, as they were; only where `demo.replay` is set',
        tags,
        body: Replay,
        response: answers(ReplayTaken, 400, 401, 403, 409, 503),
      },
      bodyLimit: 32 * 1024 * 1024,
      config: { needs: 'administer' },
    },
    async (request) => {
      const { taken, refused } = await demo.replaying.take(request.body.events);
      return { taken, refused: [...refused] };
    },
  );
}
