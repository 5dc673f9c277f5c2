import type { Log } from '../../log/log.ts';
import { redirectsError } from '../../rooms/redirects/errors.ts';
import { type RedirectsCommand, mapNamed, redirectsRoom } from '../../rooms/redirects/room.ts';
import type { MapKnown, RedirectsState } from '../../rooms/redirects/state.ts';
import type {
  ImportAnswer,
  RedirectMap,
  RedirectMapAnswer,
  RedirectMaps,
  VerifyBody,
} from '../api/contract-redirects.ts';
import { Turns } from '../artefacts/turns.ts';
import { type Giving, Keeper } from '../rooms/keeper.ts';
import { MapFiles } from './map-files.ts';
import { inThread } from './thread.ts';

/** Bytes of one map: a quarter of a million rows have 32 MB. */
export const maxMapBytes = 64 * 2 ** 20;
/** Bytes of all maps. */
export const maxAllBytes = 2 * 2 ** 30;
/** Findings and wrong rows that are told of a map. */
export const mostTold = 1000;
/** Verifications under way at once. */
export const maxVerifying = 2;

/** Where an environment is, and what of it may be gone to though it is not public. */
export interface VerifiedWhere {
  readonly base: string | undefined;
  readonly allowed: readonly string[];
}

/** What environments there are. */
export interface Environments {
  readonly names: () => Promise<readonly string[]>;
  /** Undefined: there is none of this name. Throws where the settings can not be read. */
  readonly named: (name: string) => Promise<VerifiedWhere | undefined>;
}

interface RedirectsDeskOptions {
  readonly log: Log;
  readonly dir: string;
  /** Bytes of the disk that are left to others. */
  readonly reserve: number;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  readonly environments: Environments;
  readonly onProblem: (error: unknown) => void;
}

interface Verifying {
  readonly environment: string;
  readonly own: boolean;
  readonly since: number;
  done: number;
  wrong: number;
}

/** Redirect maps as the routes ask them: the room, the rows, and what verifies them. */
export class RedirectsDesk {
  readonly keeper: Keeper<RedirectsState, RedirectsCommand>;
  readonly counters = { imported: 0, refused: 0, verified: 0, failed: 0 };
  readonly files: MapFiles;
  readonly #options: RedirectsDeskOptions;
  readonly #stopping = new AbortController();
  readonly #turns = new Turns();
  readonly #verifying = new Map<string, Verifying>();
  readonly #troubles = new Map<string, string>();
  readonly #underway = new Set<Promise<void>>();

  constructor(options: RedirectsDeskOptions) {
    this.#options = options;
    const { log, now, dir, reserve, onProblem } = options;
    this.files = new MapFiles(dir, reserve);
    this.keeper = new Keeper({ room: redirectsRoom, log, now, onProblem });
  }

  /** Begins to read the facts; rows that no map has any more are removed then. */
  start(): void {
    const { reached } = this.keeper.start();
    const clean = reached.then(async () => this.#turns.take('files', async () => this.#clean()));
    this.#follow(clean);
  }

  get verifying(): number {
    return this.#verifying.size;
  }

  async list(): Promise<RedirectMaps> {
    const { maps } = this.keeper.state;
    const named = [...maps.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const environments = await this.#options.environments.names().catch(() => []);
    return { maps: named.map((map) => this.#view(map)), environments: [...environments] };
  }

  /** Throws TERR_REDIRECTS_UNKNOWN. */
  async show(name: string): Promise<RedirectMapAnswer> {
    const map = mapNamed(this.keeper.state, name);
    const [{ findings, byRule }, wrong] = await Promise.all([
      this.files.found(map.sha256),
      map.verified ? this.files.wrong(map.sha256) : [],
    ]);
    return { map: this.#view(map), byRule, findings: [...findings], wrong: [...wrong] };
  }

  /** Throws TERR_REDIRECTS_UNKNOWN, TERR_REDIRECTS_GONE. */
  async text(name: string): Promise<Buffer> {
    return this.files.textOf(mapNamed(this.keeper.state, name).sha256);
  }

  /** Keeps rows, and says what was found in them. Throws TERR_REDIRECTS_…, TERR_ROOM_…, TERR_LOG_…. */
  async import(name: string, bytes: Uint8Array, giving: Giving): Promise<ImportAnswer> {
    try {
      return await this.#turns.take('files', async () => this.#import(name, bytes, giving));
    } catch (error) {
      this.counters.refused++;
      throw error;
    }
  }

  async #import(name: string, bytes: Uint8Array, giving: Giving): Promise<ImportAnswer> {
    const { maps } = this.keeper.state;
    const others = [...maps.values()].filter((map) => map.name !== name);
    const used = others.reduce((sum, map) => sum + map.bytes, 0);
    if (used + bytes.length > maxAllBytes)
      throw redirectsError('FULL', 'all maps have 2 GiB at most; remove those that are not needed');
    const staged = await this.files.stage(bytes);
    try {
      const { signal } = this.#stopping;
      const order = { kind: 'read', path: staged, most: mostTold } as const;
      const { counted, found, unread } = await inThread<'read'>(order, { signal });
      const [first] = counted.rows === 0 ? found.findings : unread;
      // Half a map in the place of a whole one would send people nowhere.
      if (first) {
        const { message, line, column } = first;
        const more = unread.length > 1 ? ` (and ${unread.length - 1} lines more)` : '';
        throw redirectsError('INVALID', `${message}${more}; nothing was taken`, { line, column });
      }
      const { sha256 } = counted;
      await this.files.keep(staged, sha256, found);
      await this.keeper.handle({ kind: 'import', name, counted }, giving);
      this.counters.imported++;
      this.#troubles.delete(name);
      const { revision, rows, errors, warnings } = mapNamed(this.keeper.state, name);
      return { revision, rows, errors, warnings, findings: [...found.findings] };
    } finally {
      await this.files.discard(staged);
      await this.#clean();
    }
  }

  /** Throws TERR_REDIRECTS_UNKNOWN. */
  async remove(name: string, giving: Giving): Promise<void> {
    await this.keeper.handle({ kind: 'remove', name }, giving);
    this.#troubles.delete(name);
    await this.#turns.take('files', async () => this.#clean());
  }

  /**
   * Begins to ask for every row. Throws TERR_REDIRECTS_UNKNOWN, TERR_REDIRECTS_GONE,
   * TERR_REDIRECTS_BUSY, TERR_REDIRECTS_ENVIRONMENT.
   */
  async verify(
    name: string,
    { environment, own = false }: VerifyBody,
    giving: Giving,
  ): Promise<RedirectMap> {
    const map = mapNamed(this.keeper.state, name);
    const where = await this.#where(environment, own);
    await this.files.mustHave(map.sha256);
    if (this.#verifying.has(name)) throw redirectsError('BUSY', `${name} is being verified`);
    if (this.#verifying.size >= maxVerifying)
      throw redirectsError('BUSY', `${maxVerifying} maps are being verified`, { retryAfter: 30 });
    const verifying = { environment, own, since: this.#options.now(), done: 0, wrong: 0 };
    this.#verifying.set(name, verifying);
    this.#troubles.delete(name);
    this.#follow(this.#verify(map, { where, verifying, giving }));
    return this.#view(map);
  }

  async #where(environment: string, own: boolean): Promise<VerifiedWhere> {
    const known = await this.#options.environments.named(environment);
    if (own) return { base: undefined, allowed: known?.allowed ?? [] };
    if (!known)
      throw redirectsError('ENVIRONMENT', `checks.yaml names no environment ${environment}`, {
        field: 'environment',
      });
    if (known.base !== undefined) return known;
    throw redirectsError('ENVIRONMENT', `checks.yaml gives ${environment} no base`, {
      field: 'environment',
    });
  }

  async #verify(
    map: MapKnown,
    {
      where,
      verifying,
      giving,
    }: {
      readonly where: VerifiedWhere;
      readonly verifying: Verifying;
      readonly giving: Giving;
    },
  ): Promise<void> {
    const { name, revision, sha256 } = map;
    const { environment, own } = verifying;
    const onProgress = (done: number, wrong: number): void =>
      void Object.assign(verifying, { done, wrong });
    const path = this.files.pathOf(sha256);
    const order = { kind: 'verify', path, ...where, most: mostTold } as const;
    try {
      const { signal } = this.#stopping;
      const result = await inThread<'verify'>(order, { signal, onProgress });
      const { rows, byStatus, why: _why, ...counts } = result;
      const seen = { environment, own, ...counts };
      await this.files.keepWrong(sha256, rows);
      await this.keeper.handle({ kind: 'verified', name, revision, seen, byStatus }, giving);
      this.counters.verified++;
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      this.counters.failed++;
      this.#troubles.set(name, error instanceof Error ? error.message : String(error));
    } finally {
      this.#verifying.delete(name);
    }
  }

  /** Resolves when nothing is under way. */
  async close(): Promise<void> {
    this.#stopping.abort(new Error('the server stops'));
    await Promise.all(this.#underway);
    await this.keeper.close();
  }

  #follow(work: Promise<void>): void {
    const ended = work.catch(this.#options.onProblem).finally(() => this.#underway.delete(ended));
    this.#underway.add(ended);
  }

  async #clean(): Promise<void> {
    if (!this.keeper.ready) return;
    const { maps } = this.keeper.state;
    await this.files.only(new Set([...maps.values()].map(({ sha256 }) => sha256)));
  }

  #view(map: MapKnown): RedirectMap {
    const { name, revision, by, at, rows, redirects, gone, errors, warnings, verified } = map;
    const verifying = this.#verifying.get(name);
    const last = verified && {
      at: verified.at,
      environment: verified.environment,
      own: verified.own,
      total: verified.total,
      ok: verified.ok,
      wrong: verified.wrong,
      unknown: verified.unknown,
      seconds: verified.seconds,
    };
    return {
      name,
      revision,
      by: by === '' ? null : by,
      at,
      rows,
      redirects,
      gone,
      findings: { errors, warnings },
      verified: last ?? null,
      verifying: verifying ? { ...verifying } : null,
      trouble: this.#troubles.get(name) ?? null,
    };
  }
}
