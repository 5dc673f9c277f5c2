import { connect } from 'node:net';
import { Value } from 'typebox/value';
import { Health } from '../../server/api/contract.ts';
import type { Config } from '../../server/config/schema.ts';
import { type Finding, ok, reasonOf, warning, wrong } from './finding.ts';

const patienceMs = 3_000;

/** Who listens on the configured address: nobody, Territory, or something else. */
export async function checkServer(config: Config): Promise<Finding[]> {
  if (config.port === 0) return [ok('port', 'any free one is taken at the start')];
  const host = /^(0\.0\.0\.0|::)$/.test(config.host) ? '127.0.0.1' : config.host;
  const address = `${host.includes(':') ? `[${host}]` : host}:${config.port}`;
  if (!(await listens(host, config.port)))
    return [ok('port', `${address} is free: no server runs there now`)];
  const scheme = config.tls.cert === undefined ? 'http' : 'https';
  try {
    const response = await fetch(`${scheme}://${address}/healthz`, {
      signal: AbortSignal.timeout(patienceMs),
    });
    return [healthFinding(await response.json(), address)];
  } catch (error) {
    return [
      wrong(
        'port',
        `${address} is in use by something that does not answer as Territory (${reasonOf(error)})`,
        `stop it (ss -ltnp "sport = :${config.port}" shows it), or give another --port`,
      ),
    ];
  }
}

function healthFinding(body: unknown, address: string): Finding {
  if (!Value.Check(Health, body))
    return wrong(
      'port',
      `${address} is in use by another program`,
      'stop it, or give another --port',
    );
  const bad = Object.entries(body.parts).filter(([, state]) => state !== 'ok' && state !== 'off');
  const parts = bad.map(([name, state]) => `${name} is ${state}`).join(', ');
  if (!body.ok)
    return wrong(
      'server',
      `answers at ${address}, but ${parts || 'is not well'}`,
      'read its log; /metrics and the page "Territory itself" say more',
    );
  return bad.length === 0
    ? ok('server', `answers at ${address}, all parts well`)
    : warning(
        'server',
        `answers at ${address}; ${parts}`,
        'wait a moment and look again; its log says why',
      );
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: patienceMs });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}
