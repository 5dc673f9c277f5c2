import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { intakeErrors } from '../errors.ts';
import { gitText } from './run.ts';
import { nameOf } from './source.ts';

/** Branches and tags by their full names, with the ids of what they point at. */
export type Refs = ReadonlyMap<string, string>;

/** Of one repository; more are not looked at. */
export const maxRefs = 50_000;
/** A look at the refs, and a fetch, take no longer, ms. */
const lookMs = 60_000;
const fetchMs = 1_800_000;

/** Refs of which everything was told; kept in the mirror itself, so that the two never disagree. */
export const toldRefs = 'refs/told';

/**
 * A bare repository under the data directory that follows a remote. Throws TERR_INTAKE_SOURCE with
 * what git says.
 */
export class Mirror {
  readonly path: string;
  readonly #url: string;
  readonly #signal: AbortSignal;

  constructor(directory: string, url: string, signal: AbortSignal) {
    const hash = createHash('sha256').update(url).digest('hex').slice(0, 12);
    const name = nameOf(url)
      .replace(/[^\w.-]/g, '_')
      .slice(0, 80);
    this.path = join(directory, `${name}-${hash}.git`);
    this.#url = url;
    this.#signal = signal;
  }

  /** Makes it where it is not there yet. */
  async open(): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    await this.#git(['init', '--quiet', '--bare', '.'], lookMs);
  }

  /** What the remote has, without fetching anything. */
  async look(): Promise<Refs> {
    const args = ['ls-remote', '--quiet', '--heads', '--tags', '--', this.#url];
    return refsOf(await this.#git(args, lookMs), '\t');
  }

  /** Takes over all branches and tags, and forgets those that are gone. */
  async fetch(): Promise<void> {
    const flags = ['--quiet', '--prune', '--no-tags', '--no-recurse-submodules', '--force'];
    const refs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
    await this.#git(['fetch', ...flags, '--', this.#url, ...refs], fetchMs);
  }

  /** What it has now. */
  async refs(): Promise<Refs> {
    return refsOf(await this.#list('refs/heads', 'refs/tags'), ' ');
  }

  /** What it had when everything was told last; empty before. */
  async told(): Promise<Refs> {
    const text = await this.#list(toldRefs);
    return new Map([...refsOf(text, ' ')].map(([ref, id]) => [ref.replace('told/', ''), id]));
  }

  /**
   * Everything of what it has now is told. Not cut short by an end that is asked for: a branch that was
   * told and is not noted would be forgotten if it goes while nobody looks.
   */
  async setTold(): Promise<void> {
    const flags = ['--quiet', '--prune', '--no-tags', '--force'];
    const refs = ['heads', 'tags'].map((kind) => `+refs/${kind}/*:${toldRefs}/${kind}/*`);
    const late = AbortSignal.timeout(lookMs);
    await gitText(this.path, ['fetch', ...flags, '.', ...refs], late);
  }

  /** How many commits are in `of` and not in `beside`, up to `most`. */
  async count(of: string, beside: string, most: number): Promise<number> {
    const args = ['rev-list', '--count', `--max-count=${most}`, of, `^${beside}`, '--'];
    return Number(await this.#git(args, lookMs));
  }

  /** Committer time of a commit, ms. */
  async timeOf(id: string): Promise<number> {
    const args = ['log', '-1', '--no-patch', '--format=%ct', id, '--'];
    return Number(await this.#git(args, lookMs)) * 1000;
  }

  #list(...patterns: readonly string[]): Promise<string> {
    const format = '--format=%(objectname) %(refname)';
    return this.#git(['for-each-ref', format, ...patterns], lookMs);
  }

  async #git(args: readonly string[], timeoutMs: number): Promise<string> {
    const late = AbortSignal.timeout(timeoutMs);
    try {
      return await gitText(this.path, args, AbortSignal.any([this.#signal, late]));
    } catch (error) {
      if (this.#signal.aborted || !late.aborted) throw error;
      throw intakeErrors('SOURCE', `git ${args[0] ?? ''} did not end within ${timeoutMs / 1000} s`);
    }
  }
}

/** Lines `<id><between><name>`; what an annotated tag marks (`^{}`) is left out. */
function refsOf(text: string, between: string): Refs {
  const refs = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [id = '', name = ''] = line.split(between);
    if (name !== '' && !name.endsWith('^{}')) refs.set(name, id);
  }
  if (refs.size > maxRefs)
    throw intakeErrors('SOURCE', `it has ${refs.size} branches and tags, and ${maxRefs} are taken`);
  return refs;
}
