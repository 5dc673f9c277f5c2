import type { Part } from './company.ts';
import { runTraffic } from './traffic/traffic.ts';

/** Everything that goes on in the company as long as the demo runs. */
export const parts: readonly Part[] = [runTraffic];
