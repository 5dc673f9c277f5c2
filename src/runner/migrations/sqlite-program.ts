import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';

/** Rows of an answer, and bytes of what it complains of, that are kept. */
const maxRows = 10_000;
const maxWords = 16_384;
/** Exit code by which flock says that somebody else holds the lock. */
const takenCode = 75;

/** The program is gone; `words` is what it said of why. */
export class SqliteEnded extends Error {
  readonly code: number | null;
  readonly words: string;
  readonly rows: readonly string[];

  constructor(code: number | null, words: string, rows: readonly string[]) {
    super(words.trim() || `sqlite3 ended with ${code ?? 'a signal'}`);
    this.name = 'SqliteEnded';
    this.code = code;
    this.words = words;
    this.rows = rows;
  }
}

/** Whether another process holds the lock. */
export const isTaken = (error: unknown): boolean =>
  error instanceof SqliteEnded && error.code === takenCode;

/** One running `sqlite3` on one file: it ends at the first error, and its transaction with it. */
export interface SqliteProgram {
  /** Runs a script and gives what it printed. After `limit` ms it is killed. Throws SqliteEnded. */
  readonly ask: (sql: string, limit?: number) => Promise<readonly string[]>;
  /** Lines that it was given so far, as its errors count them. */
  readonly lines: () => number;
  readonly end: () => Promise<void>;
}

export interface SqliteStart {
  /** Absolute. */
  readonly file: string;
  readonly signal: AbortSignal;
  /** A file that it holds a lock of as long as it lives, after at most `wait` ms. */
  readonly lock?: { readonly file: string; readonly wait: number };
}

/**
 * Starts `sqlite3`. It gets its scripts by stdin, so that it ends when we do. Its safe mode is not
 * used: VACUUM does not work in it.
 */
export function startSqlite({ file, signal, lock }: SqliteStart): SqliteProgram {
  const own = ['-batch', '-bail', '-list', '-noheader', '-init', '/dev/null', file];
  const locking = lock
    ? ['-x', '-F', '-w', String(lock.wait / 1000), '-E', String(takenCode), lock.file, 'sqlite3']
    : [];
  const child = spawn(lock ? 'flock' : 'sqlite3', [...locking, ...own], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], LANG: 'C.UTF-8' },
  });
  return new Conversation(child, signal);
}

class Conversation implements SqliteProgram {
  readonly #child: ChildProcess;
  readonly #gone: Promise<SqliteEnded>;
  readonly #mark = randomBytes(8).toString('hex');
  #rows: string[] = [];
  #lines = 0;
  #asked = 0;
  #answered: () => void = () => {};

  constructor(child: ChildProcess, signal: AbortSignal) {
    this.#child = child;
    const stop = (): void => void child.kill('SIGKILL');
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    let words = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      words = `${words}${text}`.slice(0, maxWords);
    });
    // It may be gone while it is written to; why is told by its end.
    child.stdin?.on('error', () => {});
    if (child.stdout)
      createInterface({ input: child.stdout }).on('line', (line) => this.#take(line));
    this.#gone = new Promise((resolve) => {
      child.once('error', (error) => resolve(new SqliteEnded(null, error.message, [])));
      child.once('close', (code) => resolve(new SqliteEnded(code, words, this.#rows)));
    });
    void this.#gone.then(() => signal.removeEventListener('abort', stop));
  }

  readonly ask = async (sql: string, limit?: number): Promise<readonly string[]> => {
    this.#rows = [];
    this.#asked += 1;
    const answered = new Promise<undefined>((resolve) => {
      this.#answered = () => resolve(undefined);
    });
    const text = `${sql}\nselect '${this.#mark} ${this.#asked}';\n`;
    this.#child.stdin?.write(text);
    this.#lines += text.split('\n').length - 1;
    let late = false;
    const timer =
      limit === undefined
        ? undefined
        : setTimeout(() => {
            late = true;
            this.#child.kill('SIGKILL');
          }, limit);
    const ended = await Promise.race([this.#gone, answered]);
    clearTimeout(timer);
    if (late) throw new SqliteEnded(null, `it took longer than ${(limit ?? 0) / 1000} s`, []);
    if (ended) throw ended;
    return this.#rows;
  };

  readonly lines = (): number => this.#lines;

  readonly end = async (): Promise<void> => {
    this.#child.stdin?.end();
    await this.#gone;
  };

  #take(line: string): void {
    if (line === `${this.#mark} ${this.#asked}`) this.#answered();
    else if (this.#rows.length < maxRows) this.#rows.push(line);
  }
}
