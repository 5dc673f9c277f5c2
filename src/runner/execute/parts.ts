import { haproxy } from '../balancer/haproxy.ts';
import type { EnvironmentConfig, RunnerConfig } from '../config/config.ts';
import { openInstances } from '../instance/open-instances.ts';
import { openMigrator } from '../migrations/open.ts';
import { strategies } from '../strategy/strategies.ts';
import { valuesKey } from '../values/key.ts';
import { resolve } from '../values/values.ts';
import { artefactsOf } from './artefacts.ts';
import { smokeByFeatures } from './smoke-features.ts';
import type { Parts } from './work.ts';

/** The parts of a runner as they are for one environment. */
export function composeParts(
  config: RunnerConfig,
  environment: EnvironmentConfig,
  { now, say }: { readonly now: () => number; readonly say: (text: string) => void },
): Parts {
  const { home } = config;
  return {
    ...artefactsOf(config),
    instances: openInstances({ home, now, onEvent: ({ slot, text }) => say(`${slot}: ${text}`) }),
    balancer: environment.balancer && haproxy(environment.balancer.socket),
    strategy: (kind) => strategies[kind],
    migrator: openMigrator,
    resolve: async (release) =>
      resolve(release, environment.values, environment.name, await valuesKey(home)),
    smoke: smokeByFeatures,
    now,
  };
}
