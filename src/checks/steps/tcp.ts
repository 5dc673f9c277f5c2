import type { Socket } from 'node:net';
import { Failed, Unreached } from '../run/failed.ts';
import type { World } from '../run/world.ts';
import { type Where, codeOf, nameOf, onSocket, whereOf } from './connection.ts';
import { matching } from './matching.ts';
import { type Step, expectThat } from './step.ts';

/** Letters of a greeting that are looked at. */
const mostLetters = 16 * 1024;
/** ms after which a line that has no end is taken as it is. */
const quiet = 500;

async function openWithin(world: World, where: Where, limit: number): Promise<void> {
  const started = performance.now();
  await onSocket(world, where, () => undefined);
  const ms = performance.now() - started;
  world.performance.push({
    label: 'connect',
    value: ms / 1000,
    unit: 's',
    critical: limit / 1000,
    min: 0,
  });
  expectThat(ms < limit, `it open within ${limit / 1000} s`, `it took ${(ms / 1000).toFixed(3)} s`);
}

/** A name that is not there is no closed port: that throws. */
async function isOpen(world: World, where: Where): Promise<boolean> {
  try {
    return await onSocket(world, where, () => true);
  } catch (error) {
    if (error instanceof Unreached && codeOf(error.cause) === 'ECONNREFUSED') return false;
    throw error;
  }
}

/** The first line that is said; what was said where nothing follows for a while. */
async function greeting(socket: Socket, where: Where): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    socket.on('data', (part) => {
      said += part.toString('utf8');
      if (said.includes('\n') || said.length >= mostLetters) resolve(said.slice(0, mostLetters));
      else socket.setTimeout(quiet, () => resolve(said));
    });
    socket.once('close', () => {
      if (said === '') reject(new Failed(`${nameOf(where)} closes without a word`));
      else resolve(said);
    });
  });
}

const group = 'TCP';

/** Steps of TCP. */
export const tcpSteps: readonly Step[] = [
  {
    expression: 'port {int} of {string} should be open',
    kind: 'assertion',
    group,
    about: 'Somebody takes connections there.',
    example: ['Then port 25 of "mail.example.org" should be open'],
    run: async (world, given) =>
      onSocket(world, whereOf(given.text(1), given.number(0)), () => undefined),
  },
  {
    expression: 'port {int} of {string} should open within {duration}',
    kind: 'assertion',
    group,
    about:
      'A connection is there in less than this, with looking the name up. Measured as `connect`.',
    example: ['Then port 443 of "www.example.org" should open within 200 ms'],
    run: async (world, given) =>
      openWithin(world, whereOf(given.text(1), given.number(0)), given.number(2)),
  },
  {
    expression: 'port {int} of {string} should be closed',
    kind: 'assertion',
    group,
    about: 'Connections are refused there. One that is never answered fails by the timeout.',
    example: ['Then port 23 of "www.example.org" should be closed'],
    run: async (world, given) => {
      const where = whereOf(given.text(1), given.number(0));
      const open = await isOpen(world, where);
      expectThat(!open, 'a closed port', `${nameOf(where)} takes connections`);
    },
  },
  {
    expression: 'the banner of port {int} of {string} should match {regex}',
    kind: 'assertion',
    group,
    about: 'The first line that is said there without being asked.',
    example: ['Then the banner of port 22 of "www.example.org" should match /^SSH-2/'],
    run: async (world, given) => {
      const where = whereOf(given.text(1), given.number(0));
      const said = await onSocket(world, where, async (socket) => greeting(socket, where));
      const expression = given.expression(2);
      const shown = JSON.stringify(said.slice(0, 300).trim());
      expectThat(
        matching(expression, said) !== undefined,
        `a banner matching ${expression.toString()}`,
        `${nameOf(where)} says ${shown}`,
      );
    },
  },
];
