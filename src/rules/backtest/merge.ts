/** An event in its place in time; what `mergeByReceived` needs to know of it. */
interface Received {
  readonly received: number;
}

interface Head<E extends Received> {
  readonly source: AsyncIterator<readonly E[]>;
  batch: readonly E[];
  at: number;
}

/**
 * Several sequences, each in the order of `received`, as one: by `received`, at the same time in the
 * order of the sources, and within a source as it gave them. So the place of an event hangs on
 * nothing but the events, however they are cut into batches.
 */
export async function* mergeByReceived<E extends Received>(
  sources: readonly AsyncIterable<readonly E[]>[],
): AsyncGenerator<readonly E[]> {
  const heads: Head<E>[] = [];
  for (const source of sources) {
    const head: Head<E> = { source: source[Symbol.asyncIterator](), batch: [], at: 0 };
    if (await advance(head)) heads.push(head);
  }
  try {
    while (heads.length > 0) {
      const first = earliest(heads);
      yield takeRun(first, heads);
      if (!(await advance(first))) heads.splice(heads.indexOf(first), 1);
    }
  } finally {
    for (const { source } of heads) await source.return?.();
  }
}

const receivedOf = <E extends Received>({ batch, at }: Head<E>): number =>
  batch[at]?.received ?? Number.POSITIVE_INFINITY;

/** Makes sure that there is an event at its place; false at the end of the source. */
async function advance<E extends Received>(head: Head<E>): Promise<boolean> {
  while (head.at >= head.batch.length) {
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other
    const next = await head.source.next();
    if (next.done === true) return false;
    head.batch = next.value;
    head.at = 0;
  }
  return true;
}

function earliest<E extends Received>(heads: readonly Head<E>[]): Head<E> {
  return heads.reduce((best, head) => (receivedOf(head) < receivedOf(best) ? head : best));
}

/** The events of `first` up to where another source has the next one. */
function takeRun<E extends Received>(first: Head<E>, heads: readonly Head<E>[]): readonly E[] {
  const { batch, at: start } = first;
  const mine = heads.indexOf(first);
  const mayStay = (received: number): boolean =>
    heads.every(
      (head, i) =>
        i === mine || (i < mine ? received < receivedOf(head) : received <= receivedOf(head)),
    );
  let end = batch.length;
  if (!mayStay(batch[end - 1]?.received ?? 0)) {
    end = start + 1;
    while (end < batch.length && mayStay(batch[end]?.received ?? 0)) end++;
  }
  first.at = end;
  return start === 0 && end === batch.length ? batch : batch.slice(start, end);
}
