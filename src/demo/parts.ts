import { runArchitectures } from './architectures/architectures.ts';
import { runChaos } from './chaos/chaos.ts';
import type { Part } from './company.ts';
import { runLife } from './life/life.ts';
import { runTraffic } from './traffic/traffic.ts';

/** Everything that goes on in the company as long as the demo runs. */
export const parts: readonly Part[] = [runChaos, runArchitectures, runTraffic, runLife];
