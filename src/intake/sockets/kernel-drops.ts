import { readFile } from 'node:fs/promises';

/**
 * How many datagrams the kernel dropped of each UDP port since its socket was opened, by the text of
 * /proc/net/udp or udp6: the last column, `drops` (proc(5); udp4_format_sock in the kernel).
 */
export function dropsByPort(text: string): Map<number, number> {
  const drops = new Map<number, number>();
  for (const line of text.split('\n').slice(1)) {
    const columns = line.trim().split(/\s+/);
    const port = Number.parseInt(columns[1]?.split(':')[1] ?? '', 16);
    const count = Number(columns.at(-1));
    if (columns.length < 13 || Number.isNaN(port) || Number.isNaN(count)) continue;
    drops.set(port, (drops.get(port) ?? 0) + count);
  }
  return drops;
}

/** The same of this machine; nothing where there is no /proc. */
export async function kernelDrops(): Promise<Map<number, number>> {
  const all = new Map<number, number>();
  for (const path of ['/proc/net/udp', '/proc/net/udp6']) {
    // oxlint-disable-next-line no-await-in-loop -- two small files
    const text = await readFile(path, 'utf8').catch(() => '');
    for (const [port, count] of dropsByPort(text)) all.set(port, (all.get(port) ?? 0) + count);
  }
  return all;
}
