import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sign } from '@octokit/webhooks-methods';
import { expect, test, vi } from 'vitest';
import type { Thread } from '../api/contract-thread.ts';
import { json, startServer } from '../compose/running.suite.ts';

const folder = join(import.meta.dirname, '../../../test/vectors/webhooks/github');

test('what GitHub tells, in any order, is one thread from the issue to the deployment', async () => {
  const server = await startServer();
  const added = await server.askJson(
    '/api/v1/webhooks',
    json('POST', { name: 'gh', kind: 'github' }),
  );
  const secret = String(added['secret']);
  const names = [
    'deployment-success',
    'workflow-run-failed',
    'pull-request-merged',
    'push',
    'issue-closed',
  ];
  for (const name of names) {
    const { headers, body } = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as {
      readonly headers: Record<string, string>;
      readonly body: unknown;
    };
    const text = JSON.stringify(body);
    // oxlint-disable-next-line no-await-in-loop -- in this order
    const signature = await sign(secret, text);
    // oxlint-disable-next-line no-await-in-loop -- in this order
    const taken = await fetch(`${server.url}/webhooks/gh`, {
      method: 'POST',
      headers: { ...headers, 'x-hub-signature-256': signature },
      body: text,
    });
    expect(taken.status).toBe(200);
  }
  const sides = async (): Promise<Record<string, string>> => {
    const response = await server.ask(`/api/v1/thread?of=${'c'.repeat(40)}`);
    const { things } = (await response.json()) as Thread;
    return Object.fromEntries(things.map(({ key, side }) => [key, side]));
  };
  const thread = {
    'ticket/github.com/acme/shop#7': 'up',
    'change/github.com/acme/shop#12': 'up',
    [`commit/${'b'.repeat(40)}`]: 'up',
    [`commit/${'c'.repeat(40)}`]: 'focus',
    'deployment/145988746': 'down',
    'environment/production': 'beside',
  };
  await vi.waitFor(async () => expect(await sides()).toMatchObject(thread), 20_000);
}, 60_000);
