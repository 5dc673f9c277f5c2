/** One server of a backend as the balancer has it. */
export interface BalancerServer {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** As people set it. */
  readonly admin: 'ready' | 'drain' | 'maint';
  /** As its checks find it. */
  readonly check: 'up' | 'down' | 'unknown';
  /** Sessions now. */
  readonly sessions: number;
}

/** The runtime API of what stands in front of an application. */
export interface Balancer {
  /** Throws TERR_RUNNER_BALANCER when it does not answer or has no such backend. */
  readonly servers: (backend: string) => Promise<readonly BalancerServer[]>;
  readonly set: (backend: string, server: string, admin: BalancerServer['admin']) => Promise<void>;
  readonly address: (
    backend: string,
    server: string,
    address: string,
    port: number,
  ) => Promise<void>;
}
