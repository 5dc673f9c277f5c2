/** Where a value stands that must not stand in the file itself. */
export type ValuePlace =
  | { readonly kind: 'env'; readonly name: string }
  /** `path` is from the folder of the file. */
  | { readonly kind: 'file'; readonly path: string };

/** What `checks.yaml` says of one environment that features are run against. */
export interface CheckEnvironment {
  readonly name: string;
  /** What paths are relative to. */
  readonly base: string | undefined;
  /** Addresses of applications by their names; what `base` is to scenarios about them. */
  readonly applications: Readonly<Record<string, string>>;
  /** What is not public and may be gone to nevertheless, as `outboundOf` reads it. */
  readonly allow: readonly string[];
  readonly secrets: Readonly<Record<string, ValuePlace>>;
  /** Where addresses of data sources stand, by name. */
  readonly datasources: Readonly<Record<string, ValuePlace>>;
}

/** A program that answers as a plugin of Nagios and is run as a check. Durations are ms. */
export interface PluginSettings {
  readonly name: string;
  /** The program and its arguments; never given to a shell. */
  readonly command: readonly string[];
  readonly environment: string;
  readonly application: string | undefined;
  readonly every: number;
  /** With their `@`, as on scenarios. */
  readonly tags: readonly string[];
  readonly timeout: number;
  /** Where it stands in the file. */
  readonly line: number;
}

/** What holds for a check that does not say otherwise. Durations are ms. */
export interface CheckDefaults {
  /** Time from one run to the next. */
  readonly every: number;
  /** Failures in a row until a failure is hard. */
  readonly attempts: number;
  /** Time to the next run while it is soft; undefined: a fifth of `every`, at least 10 s. */
  readonly retry: number | undefined;
  /** Passes in a row until a hard failure is over. */
  readonly successes: number;
  /** So many intervals without a result make it stale. */
  readonly staleAfter: number;
  /** So long after a deploy failures do not count. */
  readonly bootGrace: number;
  /** Hard also when so many of the last ones failed, though not in a row. */
  readonly of: { readonly failures: number; readonly of: number } | undefined;
}

/** What `checks.yaml` says. */
export interface CheckSettings {
  /** Path of the file; what it names is from its folder. Empty where there is none. */
  readonly file: string;
  readonly environments: readonly CheckEnvironment[];
  readonly plugins: readonly PluginSettings[];
  readonly defaults: CheckDefaults;
}

export const checkDefaults: CheckDefaults = {
  every: 60_000,
  attempts: 3,
  retry: undefined,
  successes: 2,
  staleAfter: 3,
  bootGrace: 60_000,
  of: undefined,
};

/** What holds without a file: no environment, no plugin. */
export const noSettings: CheckSettings = {
  file: '',
  environments: [],
  plugins: [],
  defaults: checkDefaults,
};
