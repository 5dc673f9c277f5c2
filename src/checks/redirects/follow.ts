import { type Place, type PlaceOf, hostsOf, placesBy } from './address.ts';
import { Asking, type Head } from './ask.ts';
import { type Mapping, leads } from './map.ts';
import { type Judge, type Verified, type VerifyOptions, judgeAll } from './verify.ts';

/** Where following an address ended. */
interface Walked {
  readonly hops: number;
  readonly url: string;
  readonly head: Head;
}

/** So many redirects are followed where another bound is not given. */
const mostHops = 10;

/**
 * Follows every redirect's target, and asks that it answers 200 after at most `hops` redirects.
 * Each target is asked for once, however many rows lead to it.
 */
export async function verifyTargets(
  rows: readonly Mapping[],
  { hops = 3, ...options }: VerifyOptions & { readonly hops?: number },
): Promise<Verified> {
  const expected = hops === 0 ? '200' : `200 after at most ${hops} redirects`;
  return followed(rows, options, (walk) => {
    const known = new Map<string, Promise<Walked | undefined>>();
    return async (row) => {
      const going = known.get(row.to) ?? walk(row.to, hops);
      known.set(row.to, going);
      const end = await going;
      if (end?.head.status === 200) return { status: '200' };
      return { status: statusOf(end), wrong: { row, expected, seen: `${row.to} ${shown(end)}` } };
    };
  });
}

/**
 * Follows every redirect from its old address, and asks that it ends after at most `hops`. With a
 * base it ends where it leaves the map's hosts: what others serve is not what is looked at.
 */
export async function verifyChains(
  rows: readonly Mapping[],
  { hops, ...options }: VerifyOptions & { readonly hops: number },
): Promise<Verified> {
  const expected = `an end after at most ${hops} redirects`;
  return followed(rows, options, (walk) => async (row) => {
    const end = await walk(row.old, hops, options.base !== undefined);
    if (end && !leads(end.head.status)) return { status: String(end.head.status) };
    return { status: statusOf(end), wrong: { row, expected, seen: shown(end) } };
  });
}

type Walk = (url: string, most: number, stays?: boolean) => Promise<Walked | undefined>;

async function followed(
  rows: readonly Mapping[],
  options: VerifyOptions,
  judgeBy: (walk: Walk) => Judge,
): Promise<Verified> {
  const redirects = rows.filter(({ status, to }) => leads(status) && to !== '');
  const placeOf = placesBy(options.base, hostsOf(rows.map(({ old }) => old)));
  const asking = new Asking(options);
  const judge = judgeBy(async (from, most, stays = false) =>
    walk(asking, placeOf, { from, most, stays }),
  );
  try {
    return await judgeAll(redirects, judge, options);
  } finally {
    await asking.close();
  }
}

/** What is not asked for any more. */
const left: Head = { status: 0, location: undefined };

/** Undefined: an address on the way is none of HTTP. */
async function walk(
  asking: Asking,
  placeOf: PlaceOf,
  { from, most, stays }: { readonly from: string; readonly most: number; readonly stays: boolean },
): Promise<Walked | undefined> {
  let url = from;
  for (let hops = 0; ; hops++) {
    const place: Place | undefined = placeOf(url);
    if (!place) return undefined;
    if (stays && !place.isBase) return { hops, url, head: left };
    // oxlint-disable-next-line no-await-in-loop -- each answer says where the next one is
    const head = await asking.head(place);
    const { location } = head;
    if (!leads(head.status) || location === undefined || hops >= Math.min(most, mostHops))
      return { hops, url, head };
    if (!URL.canParse(location, url)) return undefined;
    // As it is written where it is whole, so that it is asked for as it is written.
    url = /^https?:\/\//i.test(location) ? location : new URL(location, url).href;
  }
}

const statusOf = (end: Walked | undefined): string => (end ? String(end.head.status) : '');

function shown(end: Walked | undefined): string {
  if (!end) return 'leads to no address of HTTP';
  const { hops, url, head } = end;
  const to = head.location === undefined ? '' : ` to ${head.location}`;
  return `${hops === 0 ? '' : `after ${hops}, ${url} `}answers ${head.status}${to}`;
}
