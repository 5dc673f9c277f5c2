import { Readable, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import {
  type Person,
  type Shop,
  eventually,
  startShop,
} from '../../server/deploys/deploys.suite.ts';
import type { Deploy, Order, Queue } from '../../server/api/contract-deploys.ts';
import { runCommandLine } from '../run.ts';
import { type Ran, runHere } from '../running.suite.ts';

/** A server with a release of the shop, people with tokens, and their command lines. */
async function serve() {
  const shop = await startShop(['v1']);
  const { url, token, askJson } = shop.server;
  const envOf = (secret: string) => ({ TERRITORY_URL: url, TERRITORY_TOKEN: secret });
  const person = async (name: string, may: string) => {
    const init = { name, scope: { may } };
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(init);
    const { secret } = await askJson('/api/v1/tokens', { method: 'POST', headers, body });
    const env = envOf(String(secret));
    return {
      env,
      run: (...args: readonly string[]): Promise<Ran> => runHere(args, { env }),
    };
  };
  const [ann, gil] = [await person('ann', 'member'), await person('gil', 'gatekeeper')];
  const admin = (...args: readonly string[]) => runHere(args, { env: envOf(token) });
  const runner = await shop.runner('box', 'staging');
  /** The runner takes the next deploy, and says how it ended. */
  const carryOut = async (
    result: 'succeeded' | 'failed' | 'rolled-back' | 'lost',
    environment = 'staging',
  ) => {
    const order = await (await shop.runner(`box-${environment}`, environment)).lease();
    if (!order) throw new Error('there is no order');
    const at = Date.now();
    const stage = { stage: 'switching', started: at, text: null } as const;
    await runner.progress(order, {
      stages: [{ ...stage, state: 'done', ended: at }],
      smoke: [{ scenario: 'buy a hat', state: 'passed', seconds: 2, text: null }],
      log: { offset: 0, text: 'old is \u001b[31mdrained\u001b[0m\n' },
    });
    const reason = result === 'succeeded' ? {} : { reason: 'smoke test: 502' };
    await runner.end(order, result, reason);
    return order;
  };
  return { shop, ann, gil, admin, runner, carryOut };
}

const idIn = ({ out }: Ran): string => /deploy ([0-9a-f]{12})/.exec(out)?.[1] ?? '';
const asJson = <T>({ out }: Ran): T => JSON.parse(out) as T;

test('a deploy is asked for, stands in the queue, and is watched to its end', async () => {
  const { ann, carryOut } = await serve();
  expect((await ann.run('queue')).out).toBe('nothing runs and nothing waits\n');
  const asked = await ann.run('deploy', 'shop', 'v1', '--to', 'staging', '--reason', 'SHOP-12');
  expect(asked).toMatchObject({ code: 0, err: '' });
  expect(asked.out).toMatch(/^deploy of shop v1 to staging\ndeploy [0-9a-f]{12}: is queued/);
  expect(asked.out).toContain('asked for by ann');
  expect(asked.out).toContain(': SHOP-12\n');
  const id = idIn(asked);
  expect((await ann.run('queue')).out).toMatch(new RegExp(`staging +1 +shop +v1 .* ann +${id}`));
  const queue = asJson<Queue>(await ann.run('queue', '--json'));
  expect(queue.environments).toMatchObject([{ environment: 'staging', waiting: [{ id }] }]);
  await carryOut('succeeded');
  const shown = await ann.run('deploy', 'show', id.slice(0, 6));
  expect(shown.code).toBe(0);
  expect(shown.out).toMatch(/succeeded after \d+ s/);
  expect(shown.out).toContain('smoke passed: buy a hat, 2 s');
  const logs = await ann.run('logs', id);
  expect(logs).toMatchObject({ code: 0, err: '' });
  // What others wrote does not steer the terminal.
  expect(logs.out).toContain('old is \\u001b[31mdrained');
});

test('--watch ends as the deploy does', async () => {
  const { ann, carryOut } = await serve();
  const ends = [
    ['succeeded', 0, 'succeeded'],
    ['failed', 3, 'failed'],
    ['rolled-back', 3, 'was rolled back'],
    ['lost', 4, 'is lost'],
  ] as const;
  for (const [result, code, end] of ends) {
    const watching = ann.run('deploy', 'shop', 'v1', '--to', result, '--watch');
    // oxlint-disable-next-line no-await-in-loop -- one runner carries them out
    await carryOut(result, result);
    // oxlint-disable-next-line no-await-in-loop
    const { out, ...watched } = await watching;
    expect(watched).toEqual({ code, err: '' });
    const lines = out.split('\n');
    expect(lines).toContain('> switching done, 0 s');
    expect(lines).toContain('> smoke passed: buy a hat, 2 s');
    expect(out).toContain('old is ');
    expect(lines.at(-2)).toMatch(new RegExp(`^deploy [0-9a-f]{12}: ${end}`));
  }
  const watching = ann.run('deploy', 'shop', 'v1', '--to', 'staging', '--watch', '--json');
  await carryOut('failed');
  const watched = await watching;
  expect(watched.code).toBe(3);
  expect(asJson<Deploy>(watched)).toMatchObject({ state: 'failed', reason: 'smoke test: 502' });
});

test('a rule refuses with exit 2, says why, and what lifts it', async () => {
  const { ann, gil } = await serve();
  const unknown = await ann.run('deploy', 'shop', 'v9', '--to', 'staging');
  expect(unknown.code).toBe(2);
  expect(unknown.out).toMatch(
    /^deploy [0-9a-f]{12} is refused\nrefused by artefact: there is no artefact of shop v9\n {2}lifted by territory release build/,
  );
  expect(await ann.run('deploy', 'show', idIn(unknown))).toMatchObject({ code: 2 });
  const set = ['environment', 'set', 'production', '--after', 'staging', '--approvals', '1'];
  expect(await ann.run(...set)).toMatchObject({ code: 4 });
  expect((await gil.run(...set)).out).toMatch(/production +staging +1 +off +no/);
  expect((await ann.run('environment', 'list')).out).toMatch(/production +staging +1/);
  const demo = ['environment', 'remove', 'demo'];
  expect(await gil.run(...demo)).toMatchObject({ code: 4 });
  await gil.run('environment', 'set', 'demo', '--newest');
  expect((await gil.run(...demo)).err).toBe('nothing is declared of demo any more\n');
  const early = await ann.run('deploy', 'shop', 'v1', '--to', 'production', '--json');
  expect(early.code).toBe(2);
  expect(asJson(early)).toMatchObject({
    code: 'TERR_DEPLOYS_REFUSED',
    gates: [{ rule: 'order', lifts: 'territory deploy shop v1 --to staging' }],
  });
  const dry = await ann.run('deploy', 'shop', 'v1', '--to', 'production', '--dry-run');
  expect(dry.code).toBe(2);
  expect(dry.out).toContain('would be refused; nothing was done');
  expect(dry.out).toContain('waits for approval: 1 more gatekeeper approves');
  const back = await ann.run('rollback', 'shop', '--in', 'production');
  expect(back.code).toBe(2);
  expect(back.err).toContain('TERR_DEPLOYS_TARGET');
  const rehearsal = await ann.run('rehearse', 'shop', 'v1', '--in', 'staging');
  expect(rehearsal).toMatchObject({ code: 2 });
  expect(rehearsal.err).toContain('nothing stands there yet');
  expect((await ann.run('queue')).out).toBe('nothing runs and nothing waits\n');
});

test('approved by another, not by the one who asked; cancelled; broken through', async () => {
  const { ann, gil } = await serve();
  const set = await gil.run('environment', 'set', 'production', '--approvals', '1');
  expect(set).toMatchObject({ code: 0, err: '' });
  const waits = await gil.run('deploy', 'shop', 'v1', '--to', 'production');
  expect(waits.out).toMatch(/waits for approval: 1 more .*\n.* territory deploy approve/);
  const id = idIn(waits);
  expect((await gil.run('deploy', 'approve', id)).err).toContain('TERR_DEPLOYS_OWN');
  expect(await ann.run('deploy', 'approve', id)).toMatchObject({ code: 4 });
  expect((await ann.run('deploy', 'object', id)).err).toContain('--message');
  const objected = await ann.run('deploy', 'object', id, '-m', 'not yet');
  expect(objected).toMatchObject({ code: 0 });
  const cancelled = await ann.run('deploy', 'cancel', id, '-m', 'wrong tag');
  expect(cancelled.out).toMatch(/was cancelled: ann cancelled it: wrong tag\n$/);
  expect(await ann.run('deploy', 'show', id)).toMatchObject({ code: 3 });
  expect(await ann.run('deploy', 'show', 'f'.repeat(12))).toMatchObject({ code: 4 });
  const broken = ['deploy', 'shop', 'v1', '--to', 'production', '--break-glass'];
  expect(await gil.run(...broken, 'short')).toMatchObject({ code: 2 });
  expect(await ann.run(...broken, 'the shop is down')).toMatchObject({ code: 4 });
  expect((await gil.run(...broken, 'the shop is down')).out).toContain(
    '! GLASS BROKEN by gil (approval): the shop is down',
  );
});

test('a time is reserved, listed, and given back; gatekeepers are named', async () => {
  const { ann, gil, admin } = await serve();
  expect(await ann.run('gatekeepers')).toMatchObject({ code: 4 });
  expect((await admin('gatekeepers')).out).toContain('nobody is; make one');
  await admin('user', 'create', 'gus', '--role', 'gatekeeper', '--generate');
  await admin('user', 'create', 'mia', '--role', 'member', '--generate');
  expect((await admin('gatekeepers')).out).toMatch(/^name .*\ngus +gatekeeper +never\n$/);
  expect((await ann.run('reserve')).out).toBe('nothing is reserved\n');
  const asked = ['reserve', 'production', '--app', 'shop', '--from', '1m', '--minutes', '30'];
  const reserved = await ann.run(...asked);
  expect(reserved.err).toMatch(/^ann has production from .* until .*: reservation [0-9a-f]{12}\n$/);
  const id = /reservation (\S+)/.exec(reserved.err)?.[1] ?? '';
  const taken = await gil.run('reserve', 'production', '--app', 'shop', '--from', '2m');
  expect(taken.err).toContain('TERR_DEPLOYS_RESERVED');
  expect((await gil.run('reserve')).out).toContain(id);
  expect((await gil.run('reserve', '--release', id)).err).toContain('is not reserved');
});

test('Ctrl-C stops watching and not the deploy', async () => {
  const { shop, ann, runner } = await serve();
  let interrupt = (): void => undefined;
  let said = '';
  const write = new Writable({
    write(chunk: Buffer, _encoding, done) {
      said += chunk.toString();
      done();
    },
  });
  const watching = runCommandLine(['deploy', 'shop', 'v1', '--to', 'staging', '--watch'], {
    stdin: Readable.from([]) as NodeJS.ReadStream, // nothing reads it
    stdout: write,
    stderr: write,
    env: ann.env,
    onSignal: (handle) => (interrupt = () => handle('SIGINT')),
    exit: () => undefined,
  });
  const order = await runner.lease();
  await eventually(
    async () => said,
    (text) => text.includes(': runs'),
  );
  interrupt();
  expect(await watching).toBe(130);
  expect(said).toContain(`stopped watching; deploy ${order?.id} goes on.`);
  expect(await stateOf(shop, order)).toBe('running');
});

async function stateOf(shop: Shop, order: Order | undefined): Promise<string | undefined> {
  const { ask }: Person = await shop.person('viewer', 'read');
  const { body } = await ask<Deploy>('GET', `/api/v1/deploys/${order?.id ?? ''}`);
  return body.state;
}

test.each([
  [['deploy'], 'say what'],
  [['deploy', 'shop', 'v1'], '--to'],
  [['deploy', 'shop', 'v1', '--to', 'staging', '--at', 'Fro 10:00'], 'is no day'],
  [['deploy', 'shop', 'v1', '--to', 'staging', '--tz', 'UTC'], '--at, which is missing'],
  [['deploy', 'shop', 'v1', '--to', 'x', '--at', '10:00', '--tz', 'Mars/Base'], 'no time zone'],
  [['reserve', 'staging', '--app', 'shop'], 'say when'],
  [['environment', 'set', 'staging'], 'say what is to change'],
])('%o is wrong usage', async (args, why) => {
  const ran = await runHere(args, { env: { TERRITORY_URL: 'http://127.0.0.1:1' } });
  expect(ran.code).toBe(2);
  expect(ran.err).toContain(why);
});
