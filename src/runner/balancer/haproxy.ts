import { createConnection } from 'node:net';
import { runnerErrors } from '../errors.ts';
import type { Balancer } from './balancer.ts';
import { readServers, type ServerRow } from './haproxy-answers.ts';

/** Its answers are small; what is longer is not HAProxy. Bytes. */
const answerBytes = 16 * 1024 * 1024;

/** While HAProxy is loaded anew nobody listens on its socket, ms: it is bound some time before. */
const reloadMs = 1_000;
const isReload = (error: unknown): boolean =>
  ['ENOENT', 'ECONNREFUSED'].includes(
    ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code ?? '',
  );

/**
 * HAProxy by its runtime API (2.6 and later): the socket of `stats socket PATH level admin`. What
 * was set is read again, so that success rests on HAProxy's state and not on the words of an answer,
 * which differ between versions.
 *
 * A server that comes out of `maint` counts as UP at once, before its first check; set to `drain`
 * from there it is therefore told to be down, so that `check` says `up` only when a check of
 * HAProxy itself found it so. Set to `ready` from `maint` it gets requests at once.
 *
 * @param patience ms that one answer may take; it answers from memory, 1 ms is usual
 */
export function haproxy(socket: string, patience = 5_000): Balancer {
  const ask = async (command: string): Promise<string> => {
    const deadline = performance.now() + Math.min(patience, reloadMs);
    for (;;) {
      try {
        return await askHaproxy(socket, command, patience);
      } catch (error) {
        if (!isReload(error) || performance.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  };
  const servers = async (backend: string): Promise<readonly ServerRow[]> => {
    named(backend);
    const states = await ask(`show servers state ${backend}`);
    const stats = await ask(`show stat ${backend} 4 -1`);
    return readServers(backend, states, stats);
  };
  const server = async (backend: string, name: string): Promise<ServerRow> => {
    const found = (await servers(backend)).find((s) => s.name === name);
    if (found) return found;
    throw runnerErrors('BALANCER', `HAProxy has no server ${name} in its backend ${backend}`);
  };
  return {
    servers,
    set: async (backend, name, admin) => {
      const before = await server(backend, name);
      const place = `${backend}/${name}`;
      const said = await ask(`set server ${place} state ${admin}`);
      if (admin === 'drain' && before.admin === 'maint' && before.checked)
        await ask(`set server ${place} health down`);
      const after = await server(backend, name);
      if (after.admin !== admin)
        throw notDone(`${place} is ${after.admin} although it was set to ${admin}`, said);
    },
    address: async (backend, name, address, port) => {
      const before = await server(backend, name);
      if (!/^[0-9a-fA-F.:]+$/.test(address) || !Number.isInteger(port))
        throw runnerErrors('BALANCER', `${address} port ${port} is no address of a server`);
      if (before.address === address && before.port === port) return;
      const place = `${backend}/${name}`;
      const said = await ask(`set server ${place} addr ${address} port ${port}`);
      const after = await server(backend, name);
      if (after.address !== address || after.port !== port)
        throw notDone(`${place} stays at ${after.address} port ${after.port}`, said);
    },
  };
}

const notDone = (what: string, said: string): Error =>
  runnerErrors('BALANCER', `${what}; HAProxy said: ${said.trim() || 'nothing'}`);

/** Names go into a command line, where `;` begins the next command. */
function named(name: string): void {
  if (!/^[\w.:-]+$/.test(name))
    throw runnerErrors('BALANCER', `"${name}" can not be the name of a backend in HAProxy`);
}

/**
 * One command of HAProxy's runtime API and its answer, whole. Throws TERR_RUNNER_BALANCER.
 *
 * @param patience ms
 */
export async function askHaproxy(
  socket: string,
  command: string,
  patience = 5_000,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const connection = createConnection(socket);
    const fail = (why: string, cause?: unknown): void => {
      connection.destroy();
      reject(runnerErrors('BALANCER', `HAProxy at ${socket}: ${why}`, { cause }));
    };
    const late = setTimeout(() => fail(`no answer to "${command}" in ${patience} ms`), patience);
    const pieces: Buffer[] = [];
    let bytes = 0;
    connection.once('connect', () => connection.write(`${command}\n`));
    connection.on('data', (piece: Buffer) => {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes > answerBytes) fail(`the answer to "${command}" has no end`);
    });
    connection.once('error', (error) => fail(whyNot(error), error));
    connection.once('close', () => {
      clearTimeout(late);
      const answer = Buffer.concat(pieces).toString('utf8');
      const refusal = refusalIn(answer);
      if (refusal === undefined) resolve(answer);
      else fail(`"${command}": ${refusal}`);
    });
  });
}

function whyNot(error: Error): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'there is no such socket; is `stats socket` set to this path?';
  if (code === 'ECONNREFUSED') return 'nobody listens on the socket; HAProxy does not run';
  if (code === 'EACCES') return 'this user may not write to the socket (`stats socket … user …`)';
  return error.message;
}

/** What of an answer is a refusal; HAProxy has no codes, and these words since 1.8. */
function refusalIn(answer: string): string | undefined {
  const first = answer.trim().split('\n')[0] ?? '';
  if (/^Permission denied/i.test(first)) return `${first} The socket needs \`level admin\`.`;
  if (/^(Can't find|No such|Unknown command|Require |Invalid )/i.test(first)) return first;
  return undefined;
}
