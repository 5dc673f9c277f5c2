import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { intakeErrors } from '../errors.ts';

/** Who may sign and encrypt. */
export interface User {
  readonly password: Buffer;
  /** SHA-256 of the password: the key of AES-256. */
  readonly key: Buffer;
}

/** The users of an AuthFile as collectd has it: `user: password` a line, `#` begins a comment. */
export function readUsers(text: string): ReadonlyMap<string, User> {
  const users = new Map<string, User>();
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim();
    if (line.startsWith('#') || name === '') continue;
    const password = Buffer.from(line.slice(colon + 1).trim());
    users.set(name, { password, key: createHash('sha256').update(password).digest() });
  }
  return users;
}

/** The users of a file, read again when it was changed. */
export class AuthFile {
  readonly #path: string;
  #changed = 0;
  users: ReadonlyMap<string, User> = new Map();

  /** Throws TERR_INTAKE_SOURCE when it can not be read. */
  constructor(path: string) {
    this.#path = path;
    try {
      this.#read();
    } catch (cause) {
      const message = `intakes.collectd.authFile can not be read: ${String(cause)}`;
      throw intakeErrors('SOURCE', message, { cause, file: path });
    }
  }

  /** Reads it again when it was changed; one that is being replaced is looked at the next time. */
  refresh(): void {
    try {
      this.#read();
    } catch {
      // Those who were known stay known, as with collectd.
    }
  }

  #read(): void {
    const { mtimeMs } = statSync(this.#path);
    if (mtimeMs === this.#changed) return;
    this.users = readUsers(readFileSync(this.#path, 'utf8'));
    this.#changed = mtimeMs;
  }
}
