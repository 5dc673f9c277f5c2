// @ts-check
import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';

/** Characters of what it says that are kept. */
const maxSaid = 4_000;

/**
 * Runs ffmpeg in a process of its own, below everything else in priority. Rejects with the last it said.
 * @param {readonly string[]} args
 * @param {{ signal: AbortSignal, progress: (share: number) => void, withinMs: number }} doing
 * @returns {Promise<{ seconds: number, tookS: number }>} how long the source is, and how long it took
 */
export async function runFfmpeg(args, { signal, progress, withinMs }) {
  const began = performance.now();
  const within = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
  const fixed = ['-nostdin', '-y', '-hide_banner', '-nostats', '-threads', '1'];
  // When this process dies the pipe breaks, and ffmpeg ends with it.
  const child = spawn('ffmpeg', [...fixed, '-progress', 'pipe:1', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: within,
    killSignal: 'SIGKILL',
  });
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  let said = '';
  let seconds = 0;
  child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    said = `${said}${text}`.slice(-maxSaid);
    const [, h = 0, m = 0, s = 0] = /Duration: (\d+):(\d+):([\d.]+)/.exec(said) ?? [];
    seconds ||= Number(h) * 3600 + Number(m) * 60 + Number(s);
  });
  child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    const us = [...text.matchAll(/^out_time_us=(\d+)$/gm)].at(-1)?.[1];
    if (us !== undefined && seconds > 0) progress(Math.min(1, Number(us) / 1e6 / seconds));
  });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  }).catch((error) => {
    throw whyNot(error, within, withinMs);
  });
  // Without the file's name, so that the same reason reads the same.
  const last = said
    .trim()
    .split('\n')
    .at(-1)
    ?.replace(/^\/\S+: /, '');
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}: ${last}`);
  return { seconds, tookS: Math.round(performance.now() - began) / 1000 };
}

/**
 * @param {any} error
 * @param {AbortSignal} within
 * @param {number} withinMs
 */
function whyNot(error, within, withinMs) {
  if (error?.code === 'ENOENT') return new Error('there is no ffmpeg here');
  if (within.reason?.name === 'TimeoutError')
    return new Error(`it took longer than ${withinMs} ms`);
  return within.aborted ? within.reason : error;
}
