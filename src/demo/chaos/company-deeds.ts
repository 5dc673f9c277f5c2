import { setTimeout as pause } from 'node:timers/promises';
import type { Company, CompanyProcess } from '../company.ts';
import type { Deed, Deeds, Do } from './deeds.ts';
import { busyEncoder, startedAgain } from './encoders.ts';
import { fillDisk } from './full-disk.ts';
import { poisonNext, slowFeeds, spoilNext } from './feeds.ts';
import { seconds, untilOver } from './until-over.ts';

/** How each kind is done to this company. */
export function deedsOf(company: Company): Deeds {
  return {
    'slow-feed': slowFeeds(company),
    'corrupt-file': spoilNext(company),
    'full-disk': fillDisk(company),
    'killed-encoder': killEncoder(company),
    'poison-job': poisonNext(company),
    'payments-down': endPayments(company),
    'kill-all-three': killAllThree(company),
  };
}

const killEncoder =
  (company: Company): Do =>
  async () => {
    const encoder = await busyEncoder(company);
    process.kill(encoder.pid, 'SIGKILL');
    return {
      said: `the encoder with pid ${encoder.pid} got SIGKILL${encoder.busy ? ' in the middle of a job' : ', with no job in hand'}`,
      over: async () => {
        const { pid, afterMs } = await startedAgain(encoder, company.signal);
        return `an encoder with pid ${pid} runs in its place after ${seconds(afterMs)}`;
      },
    };
  };

/** ms that a process may take to finish what it has begun. */
const graceMs = 2_000;

const endPayments =
  (company: Company): Do =>
  async (ending): Promise<Deed> => {
    const payments = named(company, 'payments');
    const pid = payments.pid();
    await payments.stop(graceMs);
    return {
      said: `the payment provider (pid ${pid ?? 'unknown'}) was ended`,
      over: async () => {
        const lasted = await untilOver(company, ending);
        // When the company ends, so does everything in it.
        if (!company.signal.aborted) await payments.start();
        return `the payment provider runs again after ${seconds(lasted)}`;
      },
    };
  };

const killAllThree =
  (company: Company): Do =>
  async () => {
    const [one, threads] = [named(company, 'one-program'), named(company, 'threads')];
    const encoder = await busyEncoder(company);
    const before = [one.restarts(), threads.restarts()] as const;
    one.kill('SIGKILL');
    threads.kill('SIGKILL');
    process.kill(encoder.pid, 'SIGKILL');
    return {
      said: `the one program, the threads and the encoder with pid ${encoder.pid} got SIGKILL`,
      over: async () => {
        const [again] = await Promise.all([
          startedAgain(encoder, company.signal),
          restarted(one, before[0], company.signal),
          restarted(threads, before[1], company.signal),
        ]);
        return `all three run again; the encoder after ${seconds(again.afterMs)}`;
      },
    };
  };

/** ms that a process may take to be started again. */
const againMs = 60_000;

async function restarted(one: CompanyProcess, before: number, signal: AbortSignal): Promise<void> {
  const begun = performance.now();
  while (performance.now() - begun < againMs) {
    if (one.restarts() > before && one.pid() !== undefined) return;
    // oxlint-disable-next-line no-await-in-loop -- looked at again and again
    await pause(100, undefined, { signal });
  }
  throw new Error(`${one.name} was not started again: ${one.said().slice(-200)}`);
}

/** Throws an Error where the demo started none of this name. */
function named({ processes }: Pick<Company, 'processes'>, name: string): CompanyProcess {
  const found = processes.named(name);
  if (!found) throw new Error(`the demo runs no ${name}`);
  return found;
}
