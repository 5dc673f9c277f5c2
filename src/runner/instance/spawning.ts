import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { runnerErrors } from '../errors.ts';
import { bootId, cookieName, markOf } from '../job/processes.ts';
import type { InstanceWish, ProcessMark } from './instance.ts';
import { listens } from './listens.ts';
import { openLog } from './slot-log.ts';

/** What of the runner's own environment a process gets; tokens of the runner are not its business. */
const inherited = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'];

/** What a process is started with, beside the wish. */
export interface Spawning {
  readonly cookie: string;
  /** Its log file. */
  readonly log: string;
  /** ms since the epoch. */
  readonly at: number;
}

/**
 * Starts the process of a wish in a session of its own, so that it outlives us and no signal to our
 * group reaches it. Throws TERR_RUNNER_INSTANCE when its folder is gone or its port is taken.
 */
export async function spawnWish(wish: InstanceWish, how: Spawning): Promise<ProcessMark> {
  const what = `${wish.app}@${wish.environment}/${wish.slot}`;
  if (!(await isFolder(wish.folder)))
    throw runnerErrors('INSTANCE', `${what}: the folder ${wish.folder} is gone`);
  // Otherwise a foreign process would be asked whether the new instance is ready.
  if (await listens(wish.port))
    throw runnerErrors('INSTANCE', `${what}: another process listens on port ${wish.port}`);
  const log = await openLog(how.log, wish, how.at);
  try {
    const child = spawn('sh', ['-c', wish.start], {
      cwd: wish.folder,
      env: environmentOf(wish, how.cookie),
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
    });
    await once(child, 'spawn');
    child.unref();
    const mark = child.pid === undefined ? undefined : markOf(child.pid);
    // Dead already: its mark is of nobody, and whoever looks finds it dead.
    return mark ?? { pid: child.pid ?? 0, startTime: 0, boot: bootId() };
  } catch (error) {
    throw runnerErrors('INSTANCE', `${what} can not be started`, { cause: error });
  } finally {
    await log.close();
  }
}

/** OpenTelemetry's names, so that what it reports carries its version without any work of its own. */
function environmentOf(wish: InstanceWish, cookie: string): Record<string, string> {
  const attributes = {
    'service.name': wish.app,
    'service.version': wish.version,
    'service.instance.id': wish.slot,
    'deployment.environment.name': wish.environment,
  };
  const own = inherited.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(own),
    ...wish.env,
    PORT: `${wish.port}`,
    SERVICE_NAME: wish.app,
    SERVICE_VERSION: wish.version,
    DEPLOYMENT_ENVIRONMENT: wish.environment,
    TERRITORY_SLOT: wish.slot,
    OTEL_RESOURCE_ATTRIBUTES: [
      ...(wish.env['OTEL_RESOURCE_ATTRIBUTES'] ? [wish.env['OTEL_RESOURCE_ATTRIBUTES']] : []),
      ...Object.entries(attributes).map(([name, value]) => `${name}=${encodeURIComponent(value)}`),
    ].join(','),
    [cookieName]: cookie,
  };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
