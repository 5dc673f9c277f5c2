import { expect, test } from 'vitest';
import { startServer } from '../compose/running.suite.ts';
import type { Builds } from './contract-builds.ts';

const run = (id: string, what: string, more: { branch?: string; outcome?: string } = {}) => ({
  id: `${id}-${what}`,
  source: 'https://ci.example.org/shop',
  type: `dev.cdevents.pipelinerun.${what}.0.3.0`,
  subject: `pipelinerun/${id}`,
  attributes: {
    'cicd.pipeline.name': 'ci',
    'cicd.pipeline.result': more.outcome ?? '',
    'vcs.repository.url.full': 'https://git.example.org/shop.git',
    'vcs.ref.head.name': more.branch ?? 'main',
  },
});

test('what a script of CI sends is on the board, also after a restart', async () => {
  const first = await startServer();
  await first.send([
    run('1', 'finished', { outcome: 'success' }),
    run('2', 'finished', { outcome: 'failure' }),
    run('3', 'started'),
    run('4', 'finished', { outcome: 'failure', branch: 'feature/x' }),
  ]);
  const board = {
    builds: [
      {
        repository: 'git.example.org/shop',
        pipeline: 'ci',
        branch: 'main',
        verdict: 'red',
        running: { run: 'pipelinerun/3', state: 'running' },
        last: { run: 'pipelinerun/2', state: 'failed' },
      },
    ],
    others: { count: 1, red: 1 },
  };
  await expect.poll(() => first.askJson('/api/v1/builds')).toMatchObject(board);
  const all = (await (await first.ask('/api/v1/builds?branches=all')).json()) as Builds;
  expect(new Set(all.builds.map(({ branch }) => branch))).toEqual(new Set(['feature/x', 'main']));
  await first.close();
  const { askJson, url } = await startServer({ data: first.data });
  await expect.poll(() => askJson('/api/v1/builds')).toMatchObject(board);
  expect((await fetch(`${url}/api/v1/builds`)).status).toBe(401);
});
