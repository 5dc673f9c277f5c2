import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { IntakesAnswer } from '../../server/api/contract-intakes.ts';
import { type Server, startServer } from '../../server/compose/running.suite.ts';
import { startNagios } from './daemon.suite.ts';
import { hasCommand } from './installed.suite.ts';
import { tailed } from './tailed.suite.ts';

const run = promisify(execFile);
const hasNsca = hasCommand('send_nsca', 'nsca-client');
const hasNagios = hasCommand('nagios4', 'nagios4-core');
const hasCurl = hasCommand('curl', 'curl');

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'territory-nagios-'));
});
afterEach(() => rmSync(place, { recursive: true }));

async function intake(server: Server, name: string): Promise<IntakesAnswer[number]> {
  const all = (await (await server.ask('/api/v1/intakes')).json()) as IntakesAnswer;
  const found = all.find((one) => one.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

function configFile(method: number, password: string): string {
  const path = join(place, `send_nsca-${password}.cfg`);
  writeFileSync(path, `encryption_method=${method}\npassword=${password}\n`);
  return path;
}

/** A server that knows the password, and where it takes NSCA. */
async function startWithNsca(more: Record<string, string> = {}) {
  const passwordFile = join(place, 'password');
  writeFileSync(passwordFile, 's3cret\n');
  const server = await startServer({
    'intakes.enabled': true,
    'intakes.nagios.passwordFile': passwordFile,
    ...more,
  });
  return { server, port: String((await intake(server, 'nagios')).port) };
}

describe('a running server', () => {
  test.skipIf(!hasNsca)('takes results of send_nsca, and none that are forged', async () => {
    const { server, port } = await startWithNsca();
    const send = async (password: string, text: string): Promise<void> => {
      const sent = run('send_nsca', ['-H', '127.0.0.1', '-p', port, '-c', configFile(1, password)]);
      sent.child.stdin?.end(text);
      await sent.catch(() => undefined);
    };
    await send('s3cret', 'web-1\tdisk\t1\tfull|used=81%\n');
    await send('wrong', 'web-1\tother\t1\tforged\n');
    expect(await tailed(server, 'host = "web-1"', 2)).toMatchObject([
      { type: 'check', source: '/nagios/127.0.0.1', name: 'disk', state: 'warning' },
      { type: 'metric', name: 'disk.used', metric: 81 },
    ]);
    await expect
      .poll(() => intake(server, 'nagios'))
      .toMatchObject({ accepted: 2, refusedBy: { TERR_INTAKE_SIGNATURE: 1 } });
  });

  test.skipIf(!hasCurl)('takes results of NRDP’s clients, by a token', async () => {
    const server = await startServer();
    const xml = `<?xml version='1.0'?><checkresults><checkresult type='service' checktype='1'><servicename>disk</servicename><hostname>web-1</hostname><state>2</state><output><![CDATA[full %26 fine]]></output></checkresult></checkresults>`;
    // As send_nrdp.sh calls it.
    const send = (token: string) =>
      run('curl', [
        '-f',
        '--silent',
        '-d',
        `token=${token}&cmd=submitcheck&XMLDATA=${xml}`,
        `${server.url}/nrdp/`,
      ]);
    expect((await send(server.token)).stdout).toContain('<output>1 checks processed</output>');
    expect((await send('wrong')).stdout).toContain('<message>BAD TOKEN');
    expect(await tailed(server, 'host = "web-1"', 1)).toMatchObject([
      { source: '/tokens/admin', name: 'disk', state: 'critical', data: { output: 'full & fine' } },
    ]);
    expect(await intake(server, 'nrdp')).toMatchObject({ accepted: 1, refused: 1, path: '/nrdp/' });
  });

  test.skipIf(!hasNagios || !hasNsca)(
    'takes what a Nagios Core forwards, by NSCA and by the command file',
    { timeout: 60_000 },
    async () => {
      const pipe = join(place, 'territory.cmd');
      const { server, port } = await startWithNsca({ 'intakes.nagios.commandFile': pipe });
      const to = `send_nsca -H 127.0.0.1 -p ${port} -c ${configFile(1, 's3cret')}`;
      const nagios = startNagios(place, {
        ocsp: `/usr/bin/printf '%s\\t%s\\t%s\\t%s|%s\\n' '$HOSTNAME$' '$SERVICEDESC$' '$SERVICESTATEID$' '$SERVICEOUTPUT$\\n$LONGSERVICEOUTPUT$' "$SERVICEPERFDATA$" | ${to}`,
        ochp: `/usr/bin/printf '[%s] PROCESS_HOST_CHECK_RESULT;%s;%s;%s\\n' '$TIMET$' '$HOSTNAME$' '$HOSTSTATEID$' '$HOSTOUTPUT$' >> ${pipe}`,
      });
      try {
        expect(await tailed(server, 'name = "example"', 1)).toMatchObject([
          {
            type: 'check',
            host: 'web-1',
            state: 'warning',
            data: { output: 'EXAMPLE WARNING: slow', longOutput: 'more to say' },
          },
        ]);
        expect(await tailed(server, 'name = "host-alive"', 1)).toMatchObject([
          { source: '/nagios-command-file', host: 'web-1', state: 'ok', data: { output: 'up' } },
        ]);
        expect(await tailed(server, 'name = "example.time"', 1)).toMatchObject([
          { metric: 2.5, attributes: { unit: 's', 'perfdata.warning': '1' } },
        ]);
        expect(await tailed(server, 'name = "example.free space"', 1)).toMatchObject([
          { metric: 10 },
        ]);
      } finally {
        nagios.kill();
        await once(nagios, 'exit');
      }
    },
  );
});
