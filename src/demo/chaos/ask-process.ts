/** ms that a process of the company may take to answer. */
const answerMs = 5_000;

/**
 * Asks a process on this machine, and gives what it answered. Throws an Error when it does not answer,
 * or not with 2xx.
 */
export async function askProcess(
  port: number,
  request: string,
  body?: unknown,
): Promise<Readonly<Record<string, unknown>>> {
  const [method = 'GET', path = '/'] = request.split(' ');
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    signal: AbortSignal.timeout(answerMs),
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok)
    throw new Error(`${request} was answered ${answer.status}: ${text.slice(0, 200)}`);
  return { ...(JSON.parse(text) as object) };
}
