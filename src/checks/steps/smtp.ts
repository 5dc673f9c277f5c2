import type { Socket } from 'node:net';
import { type TLSSocket, connect as secure } from 'node:tls';
import { hostname } from 'node:os';
import { Failed } from '../run/failed.ts';
import type { World } from '../run/world.ts';
import { type Where, nameOf, onSocket, trustOf, whereOf } from './connection.ts';
import { type Step, expectThat } from './step.ts';

/** Bytes of one reply. */
const mostBytes = 64 * 1024;

interface Reply {
  readonly code: number;
  /** Without the codes. */
  readonly lines: readonly string[];
}

interface Talk {
  /** The next reply, also one of several lines (RFC 5321, 4.2.1). Throws Failed where it is none. */
  readonly hear: () => Promise<Reply>;
  readonly say: (line: string) => Promise<Reply>;
  /** Lets the socket go, for TLS to take it. */
  readonly leave: () => void;
}

const toldOf = ({ code, lines }: Reply): string => `${code} ${lines.join(' / ')}`.slice(0, 500);

/** What of a text is a whole reply, and what is left; undefined: it is not whole yet. */
function replyOf(text: string): { readonly reply: Reply; readonly rest: string } | undefined {
  const found = /^(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\r?\n/.exec(text);
  if (!found) return undefined;
  const [whole] = found;
  const lines = whole.trimEnd().split(/\r?\n/);
  const reply = { code: Number(whole.slice(0, 3)), lines: lines.map((line) => line.slice(4)) };
  return { reply, rest: text.slice(whole.length) };
}

function talkOn(socket: Socket, where: Where): Talk {
  let text = '';
  let ended = false;
  let wake: () => void = () => undefined;
  const onData = (part: Buffer): void => {
    text += part.toString('latin1');
    wake();
  };
  const onClose = (): void => {
    ended = true;
    wake();
  };
  socket.on('data', onData).on('close', onClose);
  const hear = async (): Promise<Reply> => {
    for (;;) {
      const found = replyOf(text);
      if (found) {
        text = found.rest;
        return found.reply;
      }
      const firstLine = /^[^\n]*\n/.exec(text)?.[0];
      if (text.length > mostBytes || (firstLine !== undefined && !/^\d{3}[- \r\n]/.test(firstLine)))
        throw new Failed(`${nameOf(where)} speaks no SMTP: ${JSON.stringify(text.slice(0, 200))}`);
      if (ended) throw new Failed(`${nameOf(where)} closes in the middle of it`);
      // oxlint-disable-next-line no-await-in-loop -- until a reply is whole
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return {
    hear,
    say: async (line) => {
      socket.write(`${line}\r\n`);
      return hear();
    },
    leave: () => {
      socket.off('data', onData).off('close', onClose);
    },
  };
}

async function expectReply(
  hear: Promise<Reply>,
  wanted: (code: number) => boolean,
  expected: string,
): Promise<Reply> {
  const reply = await hear;
  expectThat(wanted(reply.code), expected, `it says ${toldOf(reply)}`);
  return reply;
}

const isGood = (code: number): boolean => code >= 200 && code < 300;

/** Greets and is greeted. Gives what the server can do, by its words of EHLO. */
async function greeted(talk: Talk): Promise<readonly string[]> {
  await expectReply(talk.hear(), (code) => code === 220, 'a greeting (220)');
  return introduced(talk);
}

async function introduced(talk: Talk): Promise<readonly string[]> {
  const name = /^[\w.-]+$/.test(hostname()) ? hostname() : 'localhost';
  const { lines } = await expectReply(talk.say(`EHLO ${name}`), isGood, 'an answer to EHLO');
  return lines.slice(1).map((line) => line.toUpperCase());
}

/** Talks with a server up to a place, and takes leave of it. */
async function talking<T>(
  world: World,
  where: Where,
  look: (talk: Talk, socket: Socket) => Promise<T>,
): Promise<T> {
  return onSocket(world, where, async (socket) => {
    const talk = talkOn(socket, where);
    const found = await look(talk, socket);
    if (!socket.destroyed) socket.write('QUIT\r\n');
    return found;
  });
}

async function startTls(
  world: World,
  where: Where,
  look: (talk: Talk, socket: TLSSocket) => Promise<void>,
): Promise<void> {
  await talking(world, where, async (talk, socket) => {
    const can = await greeted(talk);
    expectThat(can.includes('STARTTLS'), 'STARTTLS', `it offers ${can.join(', ') || 'nothing'}`);
    await expectReply(talk.say('STARTTLS'), (code) => code === 220, 'TLS to begin (220)');
    talk.leave();
    const inside = secure({ ...trustOf(world, where.host), socket, host: where.host });
    try {
      await new Promise<void>((resolve, reject) => {
        inside.once('secureConnect', resolve).once('error', reject);
        socket.once('close', () => reject(new Error('the connection is broken off')));
      });
      inside.on('error', () => undefined);
      await look(talkOn(inside, where), inside);
    } finally {
      inside.on('error', () => undefined);
      inside.destroy();
    }
  });
}

/** Whether mail for an address is taken, without sending any: it ends before DATA. */
async function reception(world: World, where: Where, address: string): Promise<Reply> {
  // A line break would be another command.
  if (!/^[^\s<>\p{Cc}]+@[^\s<>\p{Cc}]+$/u.test(address))
    throw new Failed(`"${address}" is no address of mail`);
  return talking(world, where, async (talk) => {
    await greeted(talk);
    await expectReply(talk.say('MAIL FROM:<>'), isGood, 'the sender to be taken');
    const reply = await talk.say(`RCPT TO:<${address}>`);
    await talk.say('RSET');
    return reply;
  });
}

const group = 'SMTP';
const mail = (text: string): Where => whereOf(text, 25);

/** Steps of mail servers. None sends mail. */
export const smtpSteps: readonly Step[] = [
  {
    expression: 'the mail server {string} should greet',
    kind: 'assertion',
    group,
    about: 'With 220, and it answers EHLO. The port is 25 where none is said.',
    example: ['Then the mail server "mail.example.org" should greet'],
    run: async (world, given) => void (await talking(world, mail(given.text(0)), greeted)),
  },
  {
    expression: 'the mail server {string} should offer STARTTLS',
    kind: 'assertion',
    group,
    about: 'Among what it can do. Whether TLS then works: the step with a valid certificate.',
    example: ['Then the mail server "mail.example.org:587" should offer STARTTLS'],
    run: async (world, given) => {
      const can = await talking(world, mail(given.text(0)), greeted);
      expectThat(can.includes('STARTTLS'), 'STARTTLS', `it offers ${can.join(', ') || 'nothing'}`);
    },
  },
  {
    expression: 'the mail server {string} should offer STARTTLS with a valid certificate',
    kind: 'assertion',
    group,
    about:
      'TLS begins, with a certificate that is valid for this name, and EHLO is answered in it.',
    example: [
      'Then the mail server "mail.example.org" should offer STARTTLS with a valid certificate',
    ],
    run: async (world, given) =>
      startTls(world, mail(given.text(0)), async (talk, inside) => {
        const seen = `it is not: ${String(inside.authorizationError)}`;
        expectThat(inside.authorized, 'a valid certificate', seen);
        await introduced(talk);
      }),
  },
  {
    expression: 'the mail server {string} should accept mail for {string}',
    kind: 'assertion',
    group,
    about: 'It takes the address after RCPT. No mail is sent: it ends there.',
    example: [
      'Then the mail server "mail.example.org" should accept mail for "postmaster@example.org"',
    ],
    run: async (world, given) => {
      const reply = await reception(world, mail(given.text(0)), given.text(1));
      expectThat(isGood(reply.code), `${given.text(1)} to be taken`, `it says ${toldOf(reply)}`);
    },
  },
  {
    expression: 'the mail server {string} should refuse mail for {string}',
    kind: 'assertion',
    group,
    about: 'It refuses the address for good (5xx), as it should what is not its own.',
    example: [
      'Then the mail server "mail.example.org" should refuse mail for "somebody@example.com"',
    ],
    run: async (world, given) => {
      const reply = await reception(world, mail(given.text(0)), given.text(1));
      const holds = reply.code >= 500;
      expectThat(holds, `${given.text(1)} to be refused (5xx)`, `it says ${toldOf(reply)}`);
    },
  },
];
