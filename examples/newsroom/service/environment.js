// @ts-check
import { hostname } from 'node:os';

/**
 * Who a process is.
 * @typedef {object} About
 * @property {string} name
 * @property {string} version
 * @property {string} environment
 * @property {string} instance tells the instances of a service apart
 * @property {number} port
 */

/** What every process takes from its environment; those with a default may be missing. */
const common = {
  PORT: 'port on 127.0.0.1; 0 takes any that is free',
  SERVICE_NAME: 'name of the service (name of the program)',
  SERVICE_VERSION: 'what runs, as it is deployed (dev)',
  DEPLOYMENT_ENVIRONMENT: 'integration, staging or production (development)',
  SERVICE_INSTANCE_ID: 'tells instances apart (TERRITORY_SLOT, or host and pid)',
  TERRITORY_URL: 'where events are sent (nowhere: they are counted)',
  TERRITORY_TOKEN_FILE: 'file with the token that may send them',
  NEWSROOM_PARENT: 'process id of who started it: it ends when that one is gone',
};

/**
 * Writes what the program is and exits.
 * @param {{ name: string, help: string, variables?: Record<string, string> }} wish
 * @returns {never}
 */
export function tellHelp({ name, help, variables = {} }) {
  const lines = Object.entries({ ...variables, ...common }).map(
    ([variable, what]) => `${variable.padEnd(22)} ${what}`,
  );
  process.stdout.write(
    `${name}\n\n${help.trim()}\n\nGET /healthz           how it is, as JSON\nGET /metrics           figures, as Prometheus reads them\n\nEnvironment:\n${lines.join('\n')}\n`,
  );
  process.exit(0);
}

/**
 * Who this process is; exits with 2 and one line on standard error where a variable is missing.
 * @param {{ name: string, variables?: Record<string, string> }} wish
 * @returns {About}
 */
export function readEnvironment({ name, variables = {} }) {
  const { env } = process;
  const required = { PORT: common.PORT, ...variables };
  const missing = Object.entries(required).filter(([variable]) => !env[variable]);
  if (missing.length > 0) {
    const words = missing.map(([variable, what]) => `${variable} (${what})`).join(', ');
    process.stderr.write(`${name}: set ${words}; --help tells more\n`);
    process.exit(2);
  }
  const port = Number(env['PORT']);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    process.stderr.write(`${name}: PORT is "${env['PORT']}", which is no port\n`);
    process.exit(2);
  }
  return {
    name: env['SERVICE_NAME'] || name,
    version: env['SERVICE_VERSION'] || 'dev',
    environment: env['DEPLOYMENT_ENVIRONMENT'] || 'development',
    instance: env['SERVICE_INSTANCE_ID'] || env['TERRITORY_SLOT'] || `${hostname()}-${process.pid}`,
    port,
  };
}
