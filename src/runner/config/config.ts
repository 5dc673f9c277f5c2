import type { SshPlace } from '../ssh/connection.ts';

/** Where an environment of this machine gets its database from. */
export type DatabasePlace =
  | { readonly kind: 'postgres'; readonly url: string }
  | { readonly kind: 'sqlite'; readonly file: string };

/** What `runner.yaml` says of one environment. Secrets are resolved already, and listed. */
export interface EnvironmentConfig {
  readonly name: string;
  /** Instances of each application unless `apps` says otherwise. */
  readonly instances: number;
  /** ms that a new instance may take until it is ready. */
  readonly readyWithin: number;
  /** Ports for what no balancer names, first and last. */
  readonly ports: readonly [number, number] | undefined;
  /** HAProxy's admin socket; a backend is called as its application. */
  readonly balancer: { readonly socket: string } | undefined;
  /** Where customers come in, `{app}` stands for the application: http://127.0.0.1:7380/{app} */
  readonly front: string | undefined;
  /** Values of configuration keys, secret ones too. */
  readonly values: Readonly<Record<string, string>>;
  /** Texts that must never be seen in a log: values of secrets, passwords in addresses. */
  readonly secrets: readonly string[];
  readonly databases: Readonly<Record<string, DatabasePlace>>;
  readonly apps: Readonly<Record<string, AppConfig>>;
  /** It is on another machine, which has a runner.yaml of its own that says all the rest. */
  readonly ssh: SshPlace | undefined;
}

/** What differs for one application. */
export interface AppConfig {
  readonly instances: number | undefined;
  readonly port: number | undefined;
  readonly front: string | undefined;
}

/** `runner.yaml`, read and checked. */
export interface RunnerConfig {
  /** The file that it was read from: a job reads it again, so that no secret stands in its folder. */
  readonly file: string;
  readonly name: string;
  /** Address of the server, without a slash at the end. */
  readonly server: string;
  readonly token: string;
  /** Folder of artefacts, jobs and instances. */
  readonly home: string;
  /** A store of artefacts on this machine, looked into before the server is asked. */
  readonly artefacts: string | undefined;
  /** Deploys at the same time, each in a lane of its own. */
  readonly lanes: number;
  /** ms between looks at what really runs. */
  readonly evidenceEvery: number;
  /** Names of variables of the environment from which secrets were taken: jobs need them too. */
  readonly variables: readonly string[];
  readonly environments: readonly EnvironmentConfig[];
}
