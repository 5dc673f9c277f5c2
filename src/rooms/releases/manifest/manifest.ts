/** An API with its major version: `payments-api@1`. */
export interface Api {
  readonly name: string;
  readonly version: string | undefined;
  /** Where it is written down, for what is provided. */
  readonly file: string | undefined;
}

/** What the application can not (or, when soft, can) do without. */
export interface ManifestNeed {
  readonly name: string;
  readonly version: string | undefined;
  readonly soft: boolean;
}

/** One line of `windows`: when deploys are allowed or denied. */
export interface Window {
  readonly kind: 'allow' | 'deny';
  /** As it is written: `Mon-Thu 09:30-17:00`. */
  readonly when: string;
  /** IANA name of the zone; UTC when none is given. */
  readonly tz: string;
}

/** How new instances take the place of old ones. */
export interface Strategy {
  readonly kind: 'blue-green' | 'rolling' | 'restart';
  /** Seconds each; undefined where the manifest does not say. */
  readonly settle: number | undefined;
  readonly drain: number | undefined;
  readonly keepOld: number | undefined;
}

/** A database of the application and where its migrations are. */
export interface ManifestDatabase {
  readonly name: string;
  /** Folder, from that of the manifest, without `/` at its end. */
  readonly migrations: string | undefined;
}

/** What `territory.yaml` says of an application. */
export interface Manifest {
  /** = service.name of its events. */
  readonly app: string;
  readonly type: 'node' | 'procfile' | 'bare';
  /** A command line for `sh -c` by which it is started, in the folder of the artefact's files. */
  readonly start: string | undefined;
  readonly port: number | undefined;
  /** Paths on its own port. */
  readonly health: { readonly ready: string | undefined; readonly version: string | undefined };
  readonly owner: string | undefined;
  readonly provides: readonly Api[];
  readonly needs: readonly ManifestNeed[];
  readonly build: {
    /** A command line for `sh -c`. */
    readonly run: string | undefined;
    /** Globs; empty takes every file. */
    readonly include: readonly string[];
    /** Seconds. */
    readonly limit: number;
  };
  readonly databases: readonly ManifestDatabase[];
  /** File of the configuration's keys. */
  readonly keys: string | undefined;
  /** Globs of feature files. */
  readonly smoke: readonly string[];
  readonly strategy: Strategy | undefined;
  readonly promote: {
    readonly order: readonly string[];
    readonly auto: readonly string[];
  };
  readonly windows: readonly Window[];
}
