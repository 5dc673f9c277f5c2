import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';

const places: string[] = [];
afterEach(() => {
  for (const place of places.splice(0)) rmSync(place, { recursive: true, force: true });
});

/** A bare repository as on a git server, and a clone of it to work in. */
export class Repositories {
  readonly place = mkdtempSync(join(tmpdir(), 'territory-git-'));
  readonly bare = join(this.place, 'shop.git');
  readonly work = join(this.place, 'work');

  constructor() {
    places.push(this.place);
    this.#run(['init', '-q', '--bare', '-b', 'main', this.bare]);
    this.#run(['clone', '-q', this.bare, this.work]);
    this.git('checkout', '-q', '-b', 'main');
  }

  /** Runs git in the clone. */
  git(...args: readonly string[]): string {
    return this.#run(['-C', this.work, ...args]);
  }

  /** Makes a commit with a time of its own (s), and gives its id. */
  commit(message: string, time: number): string {
    const date = `@${time} +0000`;
    const dates = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    this.#run(['-C', this.work, 'commit', '-q', '--allow-empty', '-m', message], dates);
    return this.git('rev-parse', 'HEAD');
  }

  #run(args: readonly string[], more: Readonly<Record<string, string>> = {}): string {
    const person = { NAME: 'Zoë', EMAIL: 'zoe@example.org' };
    const env = {
      ...process.env,
      HOME: this.place,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: person.NAME,
      GIT_AUTHOR_EMAIL: person.EMAIL,
      GIT_COMMITTER_NAME: person.NAME,
      GIT_COMMITTER_EMAIL: person.EMAIL,
      ...more,
    };
    return execFileSync('git', [...args], { encoding: 'utf8', env, stdio: 'pipe' }).trim();
  }
}
