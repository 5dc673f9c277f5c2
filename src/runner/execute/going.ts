import type { Ground } from '../strategy/strategy.ts';
import { waitReady } from './health.ts';
import { whyDead } from './serving.ts';
import type { Target } from './target.ts';
import { type Work, countOf } from './work.ts';

/** What a strategy acts on for one version, with the journal of one part. */
export function groundOf(
  work: Work,
  { target, part, signal }: { target: Target; part: string; signal: AbortSignal },
): Ground {
  const { order, parts, progress, say, journal } = work;
  const { app, environment } = order;
  const { version, digest, files: folder, start, env } = target;
  return {
    app,
    environment,
    delivery: target.delivery,
    count: countOf(work),
    instances: parts.instances,
    balancer: parts.balancer,
    journal: journal.part(part),
    ports: portsOf(work, target),
    wish: (slot, port) => ({
      app,
      environment,
      slot,
      version,
      digest,
      folder,
      start,
      port,
      env,
      ready: target.delivery.health.ready,
      wanted: 'up',
    }),
    say,
    stage: async (stage) => {
      progress.begin(stage);
      await Promise.resolve();
    },
    check: async (ports, during) => check(work, target, { ports, signal: during }),
    signal,
  };
}

function portsOf(work: Work, { delivery }: Target): readonly [number, number] | undefined {
  const own = work.environment.apps[work.order.app]?.port;
  const first = own ?? (work.environment.ports ? undefined : delivery.port) ?? undefined;
  return first === undefined ? work.environment.ports : [first, first + countOf(work) - 1];
}

async function check(
  work: Work,
  target: Target,
  { ports, signal }: { readonly ports: readonly number[]; readonly signal: AbortSignal },
): Promise<void> {
  const { environment, say, parts, progress } = work;
  const { version, delivery, release } = target;
  await Promise.all(
    ports.map(async (port) =>
      waitReady({
        port,
        health: delivery.health,
        version,
        within: environment.readyWithin,
        dead: async () => whyDead(work, port),
        signal,
      }),
    ),
  );
  const asked = delivery.health.ready ?? 'connections';
  const told = delivery.health.version === null ? '' : `, and says that it is ${version}`;
  say(`ports ${ports.join(', ')}: ready (${asked})${told}`);
  const smoke = parts.smoke.run({
    scenarios: release.smoke,
    ports,
    files: target.files,
    environment: environment.name,
    tell: (result) => progress.smoke(result),
    signal,
  });
  if (work.order.kind !== 'rollback') return smoke;
  // It was verified good here before: nothing that is red now may keep it from coming back.
  await smoke.catch((error: unknown) => {
    signal.throwIfAborted();
    say(
      `a rollback is not held up by it: ${error instanceof Error ? error.message : 'smoke test'}`,
    );
  });
}
