/** What every part of the demo gets: the company as it was started, and how to reach it. */
export interface Company {
  /** Decides what happens: who searches what, what is committed, which release is bad. */
  readonly seed: number;
  /** How fast the company lives: 2 means that what takes a minute takes half of it. */
  readonly speed: number;
  readonly places: Places;
  readonly ports: Ports;
  readonly tools: Tools;
  readonly territory: TerritoryApi;
  readonly processes: Processes;
  /** One line for who started the demo, on standard error. */
  readonly say: (text: string) => void;
  /** Aborts when the demo is to end; a part then resolves. */
  readonly signal: AbortSignal;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** One thing that the demo does as long as it runs; resolves when `signal` aborts. */
export type Part = (company: Company) => Promise<void>;

export const environmentNames = ['integration', 'staging', 'production'] as const;
export type EnvironmentName = (typeof environmentNames)[number];

/** Folders, absolute. */
export interface Places {
  /** The demo's own: `--data`. */
  readonly home: string;
  /** `examples/newsroom` of this installation. */
  readonly example: string;
  /** Copies of the example's programs that nobody deploys: feeds, payments, architectures. */
  readonly programs: string;
  /** Data directory of Territory. */
  readonly territory: string;
  /** Git repositories by name below it: `site`, `pipeline`. */
  readonly repositories: string;
  /** What the processes of an environment write: `STORE` in their environment. */
  readonly store: (environment: EnvironmentName) => string;
  /** What the world around the company has: feeds, the payment provider. */
  readonly outside: string;
  /** What the three architectures write, by their names. */
  readonly architectures: string;
  readonly logs: string;
}

/** TCP ports on 127.0.0.1, chosen at the first start and kept. */
export interface Ports {
  readonly territory: number;
  readonly feeds: number;
  readonly payments: number;
  readonly importer: number;
  readonly queue: number;
  readonly publisher: number;
  /** Of the two encoders of production. */
  readonly encoders: readonly [number, number];
  /** Where customers come in, and the instances behind. */
  readonly site: Readonly<Record<EnvironmentName, SitePorts>>;
  readonly architectures: { readonly oneProgram: number; readonly threads: number };
}

export interface SitePorts {
  readonly front: number;
  readonly blue: readonly number[];
  readonly green: readonly number[];
}

/** What was found on this machine; the console says so. */
export interface Tools {
  readonly front: 'haproxy' | 'built-in';
  readonly encoder: 'ffmpeg' | 'javascript';
  /** Who runs the site's migrations: the runner by sqlite3, or the site itself when it starts. */
  readonly migrations: 'runner' | 'site';
}

/** The server, by its API. */
export interface TerritoryApi {
  readonly url: string;
  /** Of an admin. */
  readonly token: string;
  /** File of a token that may send events, for the company's processes. */
  readonly sendTokenFile: string;
  /** Asks with the admin's token. Throws an Error with status and problem unless the answer is 2xx. */
  readonly ask: <T>(method: string, path: string, body?: unknown) => Promise<T>;
}

/** The processes that the demo itself started; those of deploys belong to the runner. */
export interface Processes {
  /** Starts one and waits until its `/healthz` answers 200, where it has a port. */
  readonly start: (wish: ProcessWish) => Promise<CompanyProcess>;
  readonly named: (name: string) => CompanyProcess | undefined;
  readonly list: () => readonly CompanyProcess[];
  /** TERM to all but `except`, KILL after `graceMs`; resolves when none is left. */
  readonly stop: (graceMs: number, except?: readonly string[]) => Promise<void>;
}

export interface ProcessWish {
  readonly name: string;
  /** By argument vector. */
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where its `/healthz` is. */
  readonly port?: number;
  /** Whether it is started again when it ends by itself or is killed, after `restartAfterMs`. */
  readonly restart: boolean;
  readonly restartAfterMs?: number;
  /** ms that it may take until it is healthy. */
  readonly readyWithin?: number;
}

export interface CompanyProcess {
  readonly name: string;
  /** Of what runs now; undefined while nothing does. */
  readonly pid: () => number | undefined;
  /** How often it was started again. */
  readonly restarts: () => number;
  /** The last it wrote, for whoever has to tell why it does not run. */
  readonly said: () => string;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Ends it, and lets it stay ended until `start`. */
  readonly stop: (graceMs: number) => Promise<void>;
  readonly start: () => Promise<void>;
}
