import type { Manifest } from '../releases/manifest/manifest.ts';
import type { BundleFile, BundleOptions, Declared } from './declared.ts';
import { dashboardOf } from './dashboard.ts';
import { featureOf } from './feature.ts';
import { haproxyOf } from './haproxy.ts';
import { mapOf } from './map.ts';
import { rulesOf } from './rules.ts';
import { sourcesOf } from './sources.ts';

/** Files, and what could not be made because the manifest does not say enough. */
export interface Bundle {
  readonly files: readonly BundleFile[];
  readonly left: readonly string[];
}

/**
 * Everything around an application that follows from the few lines in which it is declared: checks,
 * sources, alerts, load balancer, map, dashboard. The same declaration gives the same bytes.
 */
export function bundleOf(manifest: Manifest, options: BundleOptions): Bundle {
  const { ready } = manifest.health;
  const declared: Declared = {
    ...options,
    manifest,
    ready: ready === undefined ? undefined : quotable(ready),
  };
  const files = [
    featureOf(declared),
    ...sourcesOf(declared),
    rulesOf(declared),
    ...haproxyOf(declared),
    mapOf(declared),
    ...dashboardOf(declared),
  ];
  return {
    files: files.filter((file) => file !== undefined),
    left: [
      ...(ready === undefined
        ? ['no checks and no load balancer: add "health: {ready: /PATH}", answered with 200']
        : []),
      ...(options.environments.some(({ port }) => port === undefined)
        ? ['no load balancer where no port is known: add "port", or give --env NAME:PORT']
        : []),
    ],
  };
}

/** A path without what would end a text in quotes, or be a variable, in Gherkin, YAML or HAProxy. */
function quotable(path: string): string {
  const whole = path.replaceAll(/\p{Surrogate}/gu, '');
  return whole.replaceAll(/[^\w\-./~!&()*+,;=:@%?]/gu, (found) =>
    found === "'" ? '%27' : encodeURIComponent(found),
  );
}
