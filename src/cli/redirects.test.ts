import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readMap } from '../checks/redirects/map.ts';
import { answering, serving, someMap } from '../checks/redirects/served.suite.ts';
import { startServer } from '../server/compose/running.suite.ts';
import { runHere } from './running.suite.ts';

function fileOf(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'territory-redirects-')), 'map.csv');
  writeFileSync(file, text);
  return file;
}

const a = 'http://a.example';

describe('territory redirects lint', () => {
  test('names places, and ends with 2 for an error', async () => {
    const file = fileOf(`old,new\n${a}/X,http://b.example\nftp://x,http://b.example\n`);
    const { code, out, err } = await runHere(['redirects', 'lint', file]);
    expect(code).toBe(2);
    expect(out).toBe(
      `${file}:2:1: warning: ${a}/X is not canonical: ${a}/x [canonical]\n` +
        `${file}:3:1: ftp://x is neither http nor https [scheme]\n`,
    );
    expect(err).toBe('2 rows; 1 error, 1 warning (canonical 1, scheme 1)\n');
  });

  test('warnings alone are no failure; maps are looked at as one, stdin too', async () => {
    const file = fileOf(`old,new\n${a}/1,${a}/2\n`);
    const input = `old,new\n${a}/2,http://b.example\n`;
    const { code, out } = await runHere(['redirects', 'lint', file, '-', '--json'], { input });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject([{ file, line: 2, rule: 'chain' }]);
  });

  test('hosts, targets and parameters are as they are named', async () => {
    const file = fileOf(`old,new\n${a}/1?x=1,http://b.example\n${a}/1?x=2,http://b.example\n`);
    const lint = async (...more: string[]) =>
      (await runHere(['redirects', 'lint', file, ...more])).err;
    expect(await lint()).toMatch('0 errors, 0 warnings');
    expect(await lint('--query', 'none')).toMatch('0 errors, 3 warnings');
    expect(await lint('--hosts', 'c.example,d.example')).toMatch('2 errors');
    expect(await lint('--targets', 'B.example')).toMatch('0 errors');
  });
});

describe('territory redirects verify', () => {
  const map = someMap(70);
  const { rows } = readMap(map, 'map.csv');

  test('a map that holds ends with 0', async () => {
    const { url } = await serving(answering(rows));
    const ran = await runHere(['redirects', 'verify', fileOf(map), '--base', url]);
    expect(ran).toMatchObject({ code: 0, out: '' });
    expect(ran.err).toMatch(/^70 redirects: 70 right, 0 wrong; /);
  });

  test('a row that does not is told, and ends with 1', async () => {
    const { url } = await serving(answering(rows.filter(({ line }) => line !== 9)));
    const file = fileOf(map);
    const ran = await runHere(['redirects', 'verify', file, '--base', url]);
    expect(ran.code).toBe(1);
    expect(ran.out).toBe(
      `${file}:9: ${rows[7]?.old}: 301 to https://new.example.org/7, seen 404\n`,
    );
    const json = await runHere(['redirects', 'verify', file, '--base', url, '--json']);
    expect(JSON.parse(json.out)).toMatchObject({ verified: { total: 70, wrong: 1 } });
  });

  test('what is not public is not gone to unless it is allowed', async () => {
    const { url } = await serving((_, answer) => answer.writeHead(410).end());
    const file = fileOf(`old,new\n${url}/gone,\n`);
    const own = ['redirects', 'verify', file, '--own'];
    const ran = await runHere(own);
    expect(ran.code).toBe(4);
    expect(ran.err).toMatch(/1 could not be asked \(127.0.0.1 port \d+ is not public/);
    expect(await runHere([...own, '--allow', '127.0.0.1'])).toMatchObject({ code: 0 });
  });

  test('targets are followed where that is asked for', async () => {
    const { url } = await serving((request, answer) => {
      if (request.url === '/1') answer.writeHead(301, { location: `${url}/2` }).end();
      else answer.writeHead(404).end();
    });
    const file = fileOf(`old,new\nhttp://a.example/1,${url}/2\n`);
    const verify = ['redirects', 'verify', file, '--base', url];
    expect(await runHere(verify)).toMatchObject({ code: 0 });
    const ran = await runHere([...verify, '--follow']);
    expect(ran.code).toBe(1);
    expect(ran.out).toMatch(/: 200 after at most 3 redirects, seen http:\S+\/2 answers 404\n$/);
  });

  test.each([
    [[], 'say where to ask'],
    [['--base', 'nowhere'], 'is no http or https address'],
    [['--own', '--sample', '0'], 'is no number from 1 on'],
  ])('wrong usage ends with 2: %j', async (more, said) => {
    const ran = await runHere(['redirects', 'verify', fileOf(map), ...more]);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(said);
  });

  test('what can not be read is not verified', async () => {
    const ran = await runHere(['redirects', 'verify', fileOf('one,two\n'), '--own']);
    expect(ran).toMatchObject({ code: 2 });
    expect(ran.out).toMatch(/:1:1: the first line names the columns/);
  });
});

describe('with a server', () => {
  test('territory redirects import gives it a map of several files', async () => {
    const server = await startServer();
    const env = { TERRITORY_URL: server.url, TERRITORY_TOKEN: server.token };
    const files = [1, 2].map((n) => fileOf(`old,new,note\n${a}/${n},"http://b.example/,",x\n`));
    const ran = await runHere(['redirects', 'import', ...files, '--name', 'web'], { env });
    expect(ran).toMatchObject({ code: 0, err: 'web revision 1: 2 rows; 0 errors, 0 warnings\n' });
    const text = await (await server.ask('/api/v1/redirects/web/text')).text();
    expect(text).toBe(
      `Old Url,New Url,Status\n${a}/1,"http://b.example/,",301\n${a}/2,"http://b.example/,",301\n`,
    );
    const usage = await runHere(['redirects', 'usage', 'web'], { env });
    expect(usage.code).toBe(1);
    expect(usage.err).toMatch('TERR_API_NO_HISTORY');
    expect(await runHere(['redirects', 'usage', 'web', '--days', '0'], { env })).toMatchObject({
      code: 2,
    });
  });
});
