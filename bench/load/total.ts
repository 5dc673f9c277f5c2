import { adminToken, type Running } from './server.ts';

/**
 * The sum of the readings of some names that a Territory has on its log since a time (ms), read from
 * a tail until nothing came for a second.
 */
export async function totalOnLog(
  server: Running,
  { prefix, from }: { readonly prefix: string; readonly from: number },
): Promise<{ readonly readings: number; readonly sum: number }> {
  const where = encodeURIComponent(`name =~ "${prefix}%"`);
  const ended = new AbortController();
  const response = await fetch(
    `http://127.0.0.1:${server.port}/api/v1/tail?stream=readings&from=${from}&where=${where}`,
    {
      headers: { authorization: `Bearer ${adminToken(server.dir)}` },
      signal: ended.signal,
    },
  );
  if (!response.ok || !response.body) throw new Error(await response.text());
  let quiet = setTimeout(() => ended.abort(), 1_000);
  let readings = 0;
  let sum = 0;
  let rest = '';
  try {
    for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
      clearTimeout(quiet);
      quiet = setTimeout(() => ended.abort(), 1_000);
      const lines = (rest + part).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const metric = /^data: .*"metric":([-\d.e+]+)/.exec(line)?.[1];
        if (metric === undefined) continue;
        readings++;
        sum += Number(metric);
      }
    }
  } catch (error) {
    if (!ended.signal.aborted) throw error;
  } finally {
    clearTimeout(quiet);
  }
  return { readings, sum };
}
