// @ts-check

/**
 * @typedef {{ status: 'pass' | 'fail', output: string }} Checked
 * @typedef {() => Checked | Promise<Checked>} Check
 */

/** A check that takes longer has failed, ms. */
const checkWithinMs = 1_000;

/**
 * How the process is: it is well while all its checks are and nobody asked it to end.
 * @param {import('./environment.js').About} about
 * @param {{ checks: Record<string, Check>, ending: AbortSignal }} parts
 */
export function healthOf({ name, version, environment, instance }, { checks, ending }) {
  const began = performance.now();
  return async () => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([check, run]) => [check, await checked(run)]),
    );
    /** @type {Record<string, Checked>} */
    const found = Object.fromEntries(results);
    if (ending.aborted) found['ending'] = { status: 'fail', output: 'it was asked to end' };
    const isWell = Object.values(found).every(({ status }) => status === 'pass');
    return {
      status: isWell ? 'pass' : 'fail',
      service: name,
      version,
      environment,
      instance,
      pid: process.pid,
      uptimeS: Math.round((performance.now() - began) / 100) / 10,
      checks: found,
    };
  };
}

/**
 * @param {Check} check
 * @returns {Promise<Checked>}
 */
async function checked(check) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  /** @type {Promise<Checked>} */
  const late = new Promise((resolve) => {
    const output = `no answer within ${checkWithinMs} ms`;
    timer = setTimeout(() => resolve({ status: 'fail', output }), checkWithinMs);
  });
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    return { status: 'fail', output: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
