/** As much of npm's syslog-client as the tests use; it brings no types. */
declare module 'syslog-client' {
  interface Options {
    readonly port?: number;
    readonly transport?: number;
    readonly syslogHostname?: string;
    readonly appName?: string;
    readonly rfc3164?: boolean;
  }
  interface MessageOptions {
    readonly facility?: number;
    readonly severity?: number;
  }
  interface Client {
    log(message: string, options: MessageOptions, done: (error?: Error) => void): void;
    close(): void;
  }
  const syslogClient: {
    readonly createClient: (target: string, options: Options) => Client;
    readonly Transport: { readonly Tcp: number; readonly Udp: number };
    readonly Facility: { readonly Local0: number };
    readonly Severity: { readonly Warning: number };
  };
  export default syslogClient;
}
