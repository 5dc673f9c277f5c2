import { expect, test } from 'vitest';
import type { IntakesAnswer, SendersAnswer } from '../../server/api/contract-intakes.ts';
import { startServer } from '../../server/compose/running.suite.ts';
import { tailed } from '../nagios/tailed.suite.ts';
import { Repositories } from './repository.suite.ts';

const second = 1_700_000_000;
const ids = (events: readonly { readonly id: string }[]): string[] => events.map(({ id }) => id);

test('a running server looks at the remotes of its settings, also after a restart', async () => {
  const repository = new Repositories();
  const first = repository.commit('Begin', second);
  repository.git('push', '-q', 'origin', 'main');
  const source = `file://${repository.bare}`;
  const flags = {
    'intakes.enabled': true,
    'intakes.git.remotes': JSON.stringify([
      { url: repository.bare, interval: '1s' },
      { url: 'https://zoe:secret@127.0.0.1:1/x.git', interval: '1s' },
    ]),
  };
  const server = await startServer(flags);
  const where = `source = "${source}"`;
  expect(ids(await tailed(server, where, 1))).toEqual([`commit/${first}`]);
  const next = repository.commit('Next', second + 10);
  repository.git('push', '-q', 'origin', 'main', 'main:side');
  expect(
    ids(await tailed(server, where, 4))
      .slice(1)
      .sort(),
  ).toEqual(
    [
      `branch-created/side@${next}`,
      `branch-updated/main@${first}..${next}`,
      `commit/${next}`,
    ].sort(),
  );

  const intakes = (await (await server.ask('/api/v1/intakes')).json()) as IntakesAnswer;
  expect(intakes.find(({ name }) => name === 'git')).toMatchObject({
    kind: 'poller',
    accepted: 4,
    address: `${source}, https://127.0.0.1:1/x.git`,
  });
  const { senders } = (await (await server.ask('/api/v1/senders')).json()) as SendersAnswer;
  const trouble = senders.find(({ sender }) => sender === 'https://127.0.0.1:1/x.git');
  expect(trouble?.problem).toMatchObject({ code: 'TERR_INTAKE_SOURCE', message: /password/ });
  expect(JSON.stringify(senders) + server.said()).not.toContain('secret');
  await server.close();

  const again = await startServer({ ...flags, data: server.data });
  repository.git('push', '-q', 'origin', '--delete', 'side');
  expect(ids(await tailed(again, where, 5)).at(-1)).toBe(`branch-deleted/side@${next}`);
});
