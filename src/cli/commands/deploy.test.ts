import { expect, test } from 'vitest';
import { startServer } from '../../server/compose/running.suite.ts';
import { type Ran, runHere } from '../running.suite.ts';

const sha = 'c'.repeat(40);

async function serve() {
  const server = await startServer();
  const env = { TERRITORY_URL: server.url, TERRITORY_TOKEN: server.token };
  const run = (...args: readonly string[]): Promise<Ran> => runHere(args, { env });
  return { ...server, run };
}

interface Lane {
  readonly verdict: string;
  readonly version: string;
  readonly running: readonly unknown[];
}

const lanesIn = ({ out }: Ran): readonly Lane[] =>
  (JSON.parse(out) as { lanes: readonly Lane[] }).lanes;

test('a deploy is reported once, however often, and all who ask see one', async () => {
  const { run, send } = await serve();
  const deploy = ['shop', '1.4.2', '--to', 'production', '--id', 'pipeline-77'];
  const began = await run('deploy', 'started', ...deploy, '--commit', sha, '--by', 'ann');
  expect(began).toMatchObject({ code: 0, out: 'deploy pipeline-77: reported\n', err: '' });
  expect(lanesIn(await run('where', 'shop', '--json'))).toMatchObject([
    { verdict: 'unknown', version: null, running: [{ version: '1.4.2', actor: 'ann' }] },
  ]);
  const attempted = await run('follow', 'ccccccc', '--down');
  expect(attempted.out).toContain('has not yet deployed commit cccccccccccc');
  for (const known of ['', ', known already']) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other is what is tested
    const done = await run('deploy', 'finished', ...deploy, '--commit', sha);
    expect(done).toMatchObject({ code: 0, out: `deploy pipeline-77: reported${known}\n` });
  }
  const where = await run('where', 'shop');
  expect(where).toMatchObject({ code: 0, err: '' });
  expect(where.out).toMatch(/shop +production +1\.4\.2 +claimed +\d+ s .*unverified/);
  expect(where.out).toMatch(/production +1\.4\.2 +succeeded +ann/);
  const followed = await run('follow', 'ccccccc', '--down');
  expect(followed.out.match(/ deployment /g)).toHaveLength(1);
  expect(followed.out).toMatch(
    /deployment +shop\/production\/pipeline-77 +shop to production .*\n +deployed commit c{12}/,
  );
  const seen = {
    type: 'metric',
    metric: 1,
    service: 'shop',
    environment: 'production',
    host: 'web1',
  };
  await send([{ ...seen, attributes: { 'service.version': '1.4.2' } }]);
  await expect
    .poll(async () => lanesIn(await run('where', '--json')))
    .toMatchObject([{ verdict: 'verified', version: '1.4.2', running: [] }]);
  const evidence = await run('where', 'shop', '--env', 'production', '--evidence');
  expect(evidence.out).toMatch(
    /T {2}1\.4\.2 succeeded, told by \/deploys\/shop at .* \(facts-\d+\)/,
  );
  expect(evidence.out).toMatch(/S {2}web1 reports 1\.4\.2, last at .* \(readings-\d+\)/);
});

test('a failure is shown with its reason; the version before stands', async () => {
  const { run } = await serve();
  await run('deploy', 'finished', 'shop', '1.0', '--to', 'production', '--time', '1h');
  await run('deploy', 'started', 'shop', '1.1', '--to', 'production', '--time', '2m');
  await run('deploy', 'failed', 'shop', '1.1', '--to', 'production', '--reason', 'smoke: 502');
  const { out } = await run('where', 'shop', '--json');
  const { lanes, history } = JSON.parse(out) as {
    lanes: readonly Lane[];
    history: readonly unknown[];
  };
  expect(lanes).toMatchObject([
    { version: '1.0', running: [], lastFailed: { version: '1.1', reason: 'smoke: 502' } },
  ]);
  expect(history).toHaveLength(2);
});

test('what is contradicted or unknown ends with 4', async () => {
  const { run, send } = await serve();
  expect(await run('where')).toMatchObject({ code: 0 });
  expect(await run('where', 'shop')).toMatchObject({ code: 4 });
  await run('deploy', 'finished', 'shop', '1.1', '--to', 'production', '--time', '1h');
  await run('deploy', 'finished', 'shop', '1.1', '--to', 'staging', '--time', '1h');
  expect(await run('where', 'shop')).toMatchObject({ code: 0 });
  const reading = { type: 'metric', metric: 1, service: 'shop', environment: 'production' };
  await send([{ ...reading, attributes: { 'service.version': '1.0' } }]);
  await expect.poll(async () => (await run('where', 'shop')).code).toBe(4);
  expect((await run('where', 'shop', '--env', 'staging')).code).toBe(0);
  expect((await run('where', 'shop', '--env', 'nowhere')).code).toBe(4);
  const told = await run('where', 'shop', '--env', 'production', '--json');
  expect(JSON.parse(told.out)).toMatchObject({
    lanes: [{ verdict: 'contradicted', because: 'told 1.1, runs 1.0' }],
  });
});

test('how far an environment is behind another is counted in commits', async () => {
  const { run, send } = await serve();
  const commit = (letter: string, parent?: string) => ({
    type: 'dev.cdeventsx.territory-commit.created.0.1.0',
    id: `commit/${letter.repeat(40)}`,
    time: Date.now() - 3_600_000 + letter.charCodeAt(0) * 1000,
    subject: letter.repeat(40),
    attributes: { 'vcs.ref.head.revision': letter.repeat(40) },
    data: { parents: parent === undefined ? [] : [parent.repeat(40)], title: letter },
  });
  await send([commit('a'), commit('b', 'a'), commit('c', 'b')]);
  const deploy = (version: string, letter: string, to: string) =>
    run('deploy', 'finished', 'shop', version, '--to', to, '--commit', letter.repeat(40));
  await deploy('1.0', 'a', 'production');
  await deploy('1.2', 'c', 'staging');
  const { out } = await run('where', 'shop');
  expect(out).toMatch(/production +1\.0 .*2 commits behind staging/);
  expect(out).toMatch(/staging +1\.2 .*level/);
});

test('wrong usage ends with 2', async () => {
  const { run } = await serve();
  expect((await run('deploy', 'finished', 'shop', '1.1')).code).toBe(2);
  expect(await run('deploy', 'finished', 'shop', ' ', '--to', 'x')).toMatchObject({ code: 2 });
  expect(await run('deploy', 'failed', 'shop', '1', '--to', 'x', '--time', 'soon')).toMatchObject({
    code: 2,
  });
});

test('a token that may report the deploys of one application reports no others', async () => {
  const { run, url } = await serve();
  const made = await run('token', 'create', 'ci', '--may', 'send', '--source', '/deploys/shop');
  const env = { TERRITORY_URL: url, TERRITORY_TOKEN: made.out.trim() };
  const report = (app: string): Promise<Ran> =>
    runHere(['deploy', 'finished', app, '1.0', '--to', 'production'], { env });
  expect(await report('shop')).toMatchObject({ code: 0, out: 'reported\n' });
  expect((await report('search')).code).not.toBe(0);
  expect(lanesIn(await run('where', '--json'))).toMatchObject([{ version: '1.0' }]);
});
