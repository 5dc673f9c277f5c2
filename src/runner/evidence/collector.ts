import type { Release } from '../../rooms/releases/artefact/release.ts';
import type {
  BalancerSeen,
  Channel,
  DiskSeen,
  Evidence,
  OsSeen,
} from '../../rooms/where/evidence/evidence.ts';
import type { BalancerServer } from '../balancer/balancer.ts';
import type { InstanceState } from '../instance/instance.ts';
import { type Asked, askInstances, sampleFront } from './asking.ts';
import { seeConfigs } from './configuration.ts';
import { DiskLooker } from './disk.ts';
import type { Collector, Ground } from './evidence.ts';
import { ListenerFinder } from './listeners.ts';
import { seeListeners } from './os.ts';
import { seeSchemas } from './schema.ts';

/** How long each channel may take, ms. */
const limits = {
  self: 4_000,
  front: 6_000,
  os: 4_000,
  disk: 8_000,
  schema: 5_000,
  config: 3_000,
  balancer: 2_000,
} as const;
/** Releases that are remembered, by digest. */
const maxReleases = 50;
/** Instances of one application in one environment that are looked at. */
const maxInstances = 100;

/** Makes what looks at the machine that it runs on. `now`: ms since the epoch, UTC. */
export function machineCollector(now: () => number): Collector {
  const looker = new MachineLooker(now);
  return { collect: (ground) => looker.collect(ground) };
}

/** What the channels of one look are looked through with. */
interface Sight extends Ground {
  readonly servers: Channel<readonly BalancerServer[]>;
  /** Releases of the instances that are there, by digest. */
  readonly releases: ReadonlyMap<string, Release>;
}

class MachineLooker {
  readonly #now: () => number;
  readonly #finder = new ListenerFinder();
  readonly #disk = new DiskLooker();
  readonly #releases = new Map<string, Release>();

  constructor(now: () => number) {
    this.#now = now;
  }

  async collect(given: Ground): Promise<Evidence> {
    const at = this.#now();
    const ground = { ...given, instances: given.instances.slice(0, maxInstances) };
    const { app, environment, every, balancer } = ground;
    const [servers, releases] = await Promise.all([
      balancer
        ? look('balancer', () => balancer.servers(app))
        : blind<readonly BalancerServer[]>('no balancer is configured'),
      this.#releasesOf(ground),
    ]);
    const sight = { ...ground, servers, releases };
    const os = look('os', (signal) =>
      seeListeners({ ...ground, ports: portsOf(sight) }, this.#finder, signal),
    );
    const [self, front, listeners, disk, schema, config] = await Promise.all([
      look('self', (signal) => askInstances(askedOf(sight), signal)),
      this.#front(sight),
      os,
      look('disk', (signal) => this.#disks(sight, signal)),
      schemas(sight),
      look('config', () => seeConfigs(running(sight), ground.config)),
    ]);
    return {
      app,
      environment,
      at,
      every,
      self,
      front,
      os: listeners,
      disk,
      schema,
      config,
      balancer: balancerSeen(sight, listeners),
    };
  }

  async #releasesOf({ instances, release }: Ground): Promise<ReadonlyMap<string, Release>> {
    const digests = new Set(instances.map(({ wish }) => wish.digest));
    const found = await Promise.all(
      [...digests].map(async (digest) => {
        const one = this.#releases.get(digest) ?? (await release(digest).catch(() => undefined));
        return one ? ([[digest, one]] as const) : [];
      }),
    );
    for (const [digest, one] of found.flat()) this.#remember(digest, one);
    return new Map(found.flat());
  }

  #remember(digest: string, release: Release): void {
    this.#releases.delete(digest);
    this.#releases.set(digest, release);
    const [oldest] = this.#releases.keys();
    if (this.#releases.size > maxReleases && oldest !== undefined) this.#releases.delete(oldest);
  }

  #front(sight: Sight): Promise<Evidence['front']> {
    const { front } = sight;
    if (front === undefined) return blind('no front is configured');
    return look('front', (signal) => sampleFront(front, newest(sight)?.delivery?.health, signal));
  }

  /** One entry for each folder that something is to run from, or ran from. */
  #disks({ instances, releases }: Sight, signal: AbortSignal): Promise<DiskSeen[]> {
    const folders = new Map(instances.map(({ wish }) => [wish.folder, wish]));
    const seen = [...folders].map(async ([folder, { digest, version }]): Promise<DiskSeen> => {
      const release = releases.get(digest);
      if (release) return { ...(await this.#disk.look(folder, release, signal)), version };
      // Its list of files is gone with it: that something is missing is known all the same.
      return { version, folder, changed: [], missing: ['release.json'], added: [] };
    });
    return Promise.all(seen);
  }
}

/** Looks through one channel; whatever happens to it, the others go on. */
async function look<T>(
  channel: keyof typeof limits,
  how: (signal: AbortSignal) => Promise<T>,
): Promise<Channel<T>> {
  const signal = AbortSignal.timeout(limits[channel]);
  let late: (() => void) | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    late = () => reject(new Error(`it took longer than ${limits[channel] / 1000} s`));
    signal.addEventListener('abort', late, { once: true });
  });
  try {
    return { found: await Promise.race([how(signal), tooLate]) };
  } catch (error) {
    const why = signal.aborted
      ? `it took longer than ${limits[channel] / 1000} s`
      : error instanceof Error
        ? error.message
        : String(error);
    return { found: null, why: why.slice(0, 500) || 'it could not be looked at' };
  } finally {
    if (late) signal.removeEventListener('abort', late);
  }
}

const blind = <T>(why: string): Promise<Channel<T>> => Promise.resolve({ found: null, why });

function schemas(sight: Sight): Promise<Evidence['schema']> {
  const { databases } = sight;
  const releases = [...new Set(running(sight).map(({ release }) => release))];
  if (Object.keys(databases).length === 0) return blind('no database is configured');
  return look('schema', (signal) => seeSchemas(releases, databases, signal));
}

/** Those that are to be up, with their releases. */
function running({ instances, releases }: Sight) {
  return instances.flatMap((state) => {
    const release = releases.get(state.wish.digest);
    return state.wish.wanted === 'up' && release ? [{ state, release }] : [];
  });
}

/** The release of the instance that was wished for last; wishes come in no other order. */
function newest(sight: Sight): Release | undefined {
  return running(sight).at(-1)?.release ?? [...sight.releases.values()].at(-1);
}

function portsOf({ instances, servers }: Sight): Set<number> {
  return new Set([
    ...instances.map(({ wish }) => wish.port),
    ...(servers.found ?? []).flatMap(({ port, admin }) => (admin === 'ready' ? [port] : [])),
  ]);
}

/** Each port once; where nothing is wished for, the balancer names the place. */
function askedOf(sight: Sight): Asked[] {
  const { instances, releases, servers } = sight;
  const asked = new Map<number, Asked>();
  const of = (state: InstanceState): Asked => ({
    slot: state.wish.slot,
    port: state.wish.port,
    health: (releases.get(state.wish.digest) ?? newest(sight))?.delivery?.health,
    optional: state.wish.wanted === 'down',
  });
  const up = (state: InstanceState): number => Number(state.wish.wanted === 'up');
  for (const state of instances.toSorted((a, b) => up(a) - up(b)))
    asked.set(state.wish.port, of(state));
  for (const { name, port, admin } of servers.found ?? [])
    if (admin === 'ready' && !asked.has(port))
      asked.set(port, {
        slot: name,
        port,
        health: newest(sight)?.delivery?.health,
        optional: true,
      });
  return [...asked.values()];
}

function balancerSeen(
  { servers, instances }: Sight,
  os: Channel<readonly OsSeen[]>,
): Channel<readonly BalancerSeen[]> {
  if (servers.found === null) return servers;
  const versionOn = (port: number): string | null => {
    const listener = os.found?.find((one) => one.port === port && one.version !== null);
    const wish = instances.find((one) => one.wish.port === port && one.wish.wanted === 'up')?.wish;
    return listener?.version ?? wish?.version ?? null;
  };
  return {
    found: servers.found.map(({ name, port, admin, check }) => ({
      server: name,
      port,
      admin,
      check,
      version: versionOn(port),
    })),
  };
}
