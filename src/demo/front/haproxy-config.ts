/** What one front is to do. */
export interface FrontConfig {
  /** Where customers come in, on 127.0.0.1. */
  readonly port: number;
  /** Its runtime API. */
  readonly socket: string;
  /** Where it finds how its servers stood. */
  readonly state: string;
  /** The first one gets the customers. */
  readonly backends: readonly BackendConfig[];
}

/** Servers of one application: name and port on 127.0.0.1. */
export interface BackendConfig {
  readonly name: string;
  /** Answers 200 when an instance is ready. */
  readonly health: string;
  readonly servers: readonly (readonly [name: string, port: number])[];
}

/**
 * The configuration of HAProxy for one environment, as docs/reference/runner-strategies.md asks for
 * it. All servers begin as disabled: a deploy lets them in, and the state file keeps them in.
 */
export function haproxyConfig({ port, socket, state, backends }: FrontConfig): string {
  const [first] = backends;
  return `global
  stats socket "${socket}" mode 600 level admin
  server-state-file "${state}"

defaults
  mode http
  load-server-state-from-file global
  option redispatch
  retries 2
  timeout connect 2s
  timeout check 2s
  timeout queue 5s
  timeout client 30s
  timeout server 30s

frontend customers
  bind 127.0.0.1:${port}
  default_backend ${first?.name}

${backends.map(backend).join('\n')}`;
}

const backend = ({ name, health, servers }: BackendConfig): string => `backend ${name}
  option httpchk
  http-check send meth GET uri ${health}
  default-server check inter 1s fastinter 200ms fall 3 rise 1 disabled
${servers.map(([server, at]) => `  server ${server} 127.0.0.1:${at}\n`).join('')}`;
