import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { buildRelease } from '../../release/build.ts';
import { scratchFolder, scratchRepository } from '../../release/shop.suite.ts';
import type {
  Deploy,
  End,
  Lease,
  Order,
  Progress,
  ProgressAnswer,
} from '../api/contract-deploys.ts';
import { type Flags, type Server, dataDir, json, startServer } from '../compose/running.suite.ts';

/** The smallest application that can be released. */
const manifest = (more: string): string => `app: shop\ntype: bare\n${more}`;

/** What a server said to a request, as JSON. */
export interface Said<T> {
  readonly status: number;
  readonly body: T;
}

/** Who asks: with a token of their own. */
export interface Person {
  readonly name: string;
  readonly ask: <T>(method: string, path: string, body?: unknown) => Promise<Said<T>>;
}

/** A server with releases in its store, and those who deploy with it. */
export interface Shop {
  readonly server: Server;
  readonly data: string;
  readonly person: (name: string, may?: string) => Promise<Person>;
  readonly runner: (name: string, ...environments: readonly string[]) => Promise<Runner>;
  /** The server on the same data again, after it was stopped. */
  readonly restart: () => Promise<Shop>;
}

const stores = new Map<string, Promise<string>>();

/** Puts releases into the data of a server; those of one kind are built once for a file of tests. */
async function releases(data: string, tags: readonly string[], more: string): Promise<void> {
  const key = JSON.stringify([tags, more]);
  const built = stores.get(key) ?? build(scratchFolder(), tags, more);
  stores.set(key, built);
  cpSync(await built, data, { recursive: true });
}

/** Builds releases of an application into a store. */
async function build(data: string, tags: readonly string[], more: string): Promise<string> {
  const repository = scratchRepository();
  const store = join(data, 'artefacts');
  const { signal } = new AbortController();
  for (const tag of tags) {
    repository.commit(`For ${tag}`, { 'territory.yaml': manifest(more), 'a.txt': `${tag}\n` });
    repository.git('tag', tag);
    // oxlint-disable-next-line no-await-in-loop -- one behind the other, as people release
    await buildRelease({
      path: repository.path,
      tag,
      store,
      signal,
      again: false,
      env: process.env,
      now: Date.now,
      onOutput: () => undefined,
    });
  }
  return data;
}

/** A running server on fresh data with releases of the shop in its store. */
export async function startShop(
  tags: readonly string[] = ['v1', 'v2'],
  options: { readonly flags?: Flags; readonly more?: string; readonly data?: string } = {},
): Promise<Shop> {
  const { flags = {}, more = '', data = dataDir() } = options;
  await releases(data, tags, more);
  return shopOn(data, flags);
}

async function shopOn(data: string, flags: Flags, secrets = new Map<string, string>()) {
  const server = await startServer({ ...flags, data });
  const person = async (name: string, may = 'member'): Promise<Person> => {
    const known = secrets.get(name);
    if (known !== undefined) return personOf(server, name, known);
    const issued = await server.ask('/api/v1/tokens', json('POST', { name, scope: { may } }));
    if (issued.status !== 201) throw new Error(await issued.text());
    const { secret } = (await issued.json()) as { secret: string };
    secrets.set(name, secret);
    return personOf(server, name, secret);
  };
  const shop: Shop = {
    server,
    data,
    person,
    runner: async (name, ...environments) => {
      const { ask } = await person(name, 'runner');
      return new Runner(ask, name, environments);
    },
    restart: async () => {
      await server.close();
      return shopOn(data, flags, secrets);
    },
  };
  return shop;
}

function personOf(server: Server, name: string, secret: string): Person {
  return {
    name,
    ask: async <T>(method: string, path: string, body?: unknown) => {
      const headers = { authorization: `Bearer ${secret}` };
      const init = body === undefined ? { method } : json(method, body);
      const response = await server.ask(path, {
        ...init,
        headers: { ...(init.headers as Record<string, string> | undefined), ...headers },
      });
      const text = await response.text();
      return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
    },
  };
}

/** A runner as far as the API knows one: it leases, tells how far it is, and ends. */
export class Runner {
  readonly ask: Person['ask'];
  readonly name: string;
  readonly environments: readonly string[];

  constructor(ask: Person['ask'], name: string, environments: readonly string[]) {
    this.ask = ask;
    this.name = name;
    this.environments = environments;
  }

  /** Waits for an order; undefined when none came. */
  async lease(): Promise<Order | undefined> {
    const { environments } = this;
    const path = `/api/v1/runners/${this.name}/lease`;
    const { status, body } = await this.ask<Lease>('POST', path, { environments });
    return status === 200 ? (body.order ?? undefined) : Promise.reject(new Error(`${status}`));
  }

  progress({ id, token }: Order, more: Omit<Progress, 'token'> = {}) {
    return this.ask<ProgressAnswer>('POST', `/api/v1/deploys/${id}/progress`, { token, ...more });
  }

  end({ id, token }: Order, result: End['result'], more: Partial<End> = {}) {
    return this.ask<Deploy>('POST', `/api/v1/deploys/${id}/end`, { token, result, ...more });
  }
}

/** Asks again until it is so, or long enough. */
export async function eventually<T>(
  look: () => Promise<T>,
  good: (found: T) => boolean,
  patience = 20_000,
) {
  for (const end = Date.now() + patience; ;) {
    // oxlint-disable-next-line no-await-in-loop -- until it is so
    const found = await look();
    if (good(found) || Date.now() > end) return found;
    // oxlint-disable-next-line no-await-in-loop -- a little later
    await new Promise((go) => setTimeout(go, 20));
  }
}
