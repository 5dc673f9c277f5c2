import { text as readAll } from 'node:stream/consumers';
import { randomBytes } from 'node:crypto';
import type { Context } from './context.ts';
import { cliErrors } from './errors.ts';

export interface PasswordOptions {
  readonly passwordStdin?: boolean;
  readonly generate?: boolean;
}

/** A password, and whether it is a new one that the person has not seen yet. */
export interface Password {
  readonly password: string;
  readonly generated: boolean;
}

/** As the server asks for (NewUser in the contract); said before it is asked. */
const minLength = 12;

/** Generates a password, reads one from stdin, or asks for one on the terminal without echo. */
export async function choosePassword(
  options: PasswordOptions,
  context: Context,
): Promise<Password> {
  if (options.generate === true)
    return { password: randomBytes(18).toString('base64url'), generated: true };
  if (options.passwordStdin === true) {
    const password = (await readAll(context.stdin)).replace(/\r?\n$/, '');
    return { password: checked(password), generated: false };
  }
  if (!context.stdin.isTTY)
    throw cliErrors(
      'USAGE',
      'no terminal to ask for a password on: give --password-stdin or --generate',
    );
  const password = checked(await ask('Password: ', context));
  if ((await ask('Again: ', context)) !== password)
    throw cliErrors('USAGE', 'the two passwords differ; nothing was changed');
  return { password, generated: false };
}

function checked(password: string): string {
  if (password.length >= minLength) return password;
  throw cliErrors('USAGE', `a password has at least ${minLength} characters`, {
    field: 'password',
  });
}

/** Reads a line in raw mode, so that the terminal shows nothing of it. */
function ask(prompt: string, { stdin, signal, interrupt }: Context): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed = '';
    const end = (): void => {
      stdin.off('data', onData);
      signal.removeEventListener('abort', onAbort);
      stdin.setRawMode(false);
      stdin.pause();
      process.stderr.write('\n');
    };
    const onAbort = (): void => {
      end();
      reject(signal.reason as Error);
    };
    /** False when the key ends the line. */
    const onKey = (key: string): boolean => {
      if (key === '\r' || key === '\n') {
        end();
        resolve(typed);
        return false;
      }
      // Raw mode makes no signals of keys.
      if (key === '\u0003' || key === '\u0004') interrupt();
      else if (key === '\u007f' || key === '\b') typed = Array.from(typed).slice(0, -1).join('');
      else if (key >= ' ') typed += key;
      return !signal.aborted;
    };
    const onData = (text: string): void => {
      for (const key of text) if (!onKey(key)) return;
    };
    signal.addEventListener('abort', onAbort);
    stdin.setEncoding('utf8');
    stdin.setRawMode(true);
    stdin.resume();
    stdin.on('data', onData);
    // Only now: what is typed at once must not be shown either.
    process.stderr.write(prompt);
  });
}
