import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Load, Sent } from './sender.ts';

/** Runs a sender in a process of its own, so that its garbage and its clock are not the server's. */
export async function send(load: Load): Promise<Sent> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', new URL('sender.ts', import.meta.url).pathname, JSON.stringify(load)],
    { maxBuffer: 1 << 20 },
  );
  return JSON.parse(stdout) as Sent;
}
