import { Type } from 'typebox';
import type { App } from '../http/app.ts';
import type { Parts } from '../parts.ts';
import { chooseRules, readyRules } from '../rules/library/library.ts';
import { rulesDirectory } from '../rules/directory.ts';
import { answers, made } from './answers.ts';
import { Chosen, Library } from './contract-library.ts';

/** GET /api/v1/rules/library and POST /api/v1/rules/library/:id/choose */
export function addLibraryRoutes(app: App, { config }: Parts): void {
  const tags = ['rules'];
  const directory = rulesDirectory(config);
  app.get(
    '/api/v1/rules/library',
    {
      schema: {
        summary: 'Ready rules, off until they are chosen',
        tags,
        response: answers(Library, 401, 403),
      },
    },
    async (): Promise<Library> => {
      const ready = await readyRules(directory);
      return { ready: ready.map((one) => ({ ...one, rules: [...one.rules] })) };
    },
  );
  app.post(
    '/api/v1/rules/library/:id/choose',
    {
      schema: {
        summary: 'Copy a ready rule file into the rules directory, which switches it on',
        tags,
        params: Type.Object({ id: Type.String() }),
        response: made(Chosen, 401, 403, 404, 409),
      },
      config: { needs: 'administer' },
    },
    async (request, reply) =>
      reply.code(201).send({ file: await chooseRules(request.params.id, directory) }),
  );
}
