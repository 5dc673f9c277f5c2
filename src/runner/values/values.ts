/** The configuration of one release in one environment. */
export interface Resolved {
  /** As environment variables of the process. */
  readonly env: Readonly<Record<string, string>>;
  /** Values of secret keys, to be masked. */
  readonly secrets: readonly string[];
  /** Required keys that have neither a value nor a default. */
  readonly missing: readonly string[];
  /** `sha256:` over names and fingerprints of values: it tells equal from other, and nothing else. */
  readonly digest: string;
}
