import { countFindings, lint } from '../redirects/lint.ts';
import { usageOf } from '../redirects/access.ts';
import type { Finding } from '../redirects/finding.ts';
import { verifyChains, verifyTargets } from '../redirects/follow.ts';
import { type Mapping, readMap } from '../redirects/map.ts';
import { sampled } from '../redirects/sample.ts';
import { type Verified, type VerifyOptions, verify } from '../redirects/verify.ts';
import { Failed, Unknown } from '../run/failed.ts';
import type { Part, World } from '../run/world.ts';
import { type Step, expectThat } from './step.ts';

/** The map that the steps of a scenario are about. */
const held: Part<{ name: string; rows: readonly Mapping[]; findings: readonly Finding[] }> = {
  make: () => ({ name: '', rows: [], findings: [] }),
};

/** Reads a map that lies beside the feature. Throws Unknown where it can not be read. */
async function load(world: World, name: string): Promise<readonly Mapping[]> {
  const { file } = world.surroundings;
  if (!file) throw new Unknown(`the file "${name}" can not be read here`);
  const { rows, findings } = readMap(await file(name), name);
  const [first] = findings;
  if (rows.length === 0)
    throw new Unknown(first ? `${name}:${first.line}: ${first.message}` : `${name} has no row`);
  Object.assign(world.part(held), { name, rows, findings });
  return rows;
}

/** The map that a step before has named. */
function loaded(world: World): readonly Mapping[] {
  const { rows } = world.part(held);
  if (rows.length === 0) throw new Unknown('no redirect map was named before this step');
  return rows;
}

function optionsOf(world: World, own: boolean): VerifyOptions {
  const { base, outbound, signal, authority, headers } = world;
  return {
    base: own ? undefined : base,
    outbound,
    signal,
    ...(authority === undefined ? {} : { authority }),
    headers: Object.fromEntries(headers),
  };
}

/** Writes down how many there were, and throws Failed with the first that are wrong. */
function mustHold(world: World, { total, wrong, unknown, why, rows, seconds }: Verified): void {
  world.performance.push(
    { label: 'redirects', value: total, unit: '' },
    { label: 'wrong', value: wrong, unit: '', critical: 1, min: 0, max: total },
    { label: 'verified', value: seconds, unit: 's' },
  );
  if (wrong > 0) {
    const first = rows
      .slice(0, 5)
      .map(({ row, expected, seen }) => `line ${row.line} ${row.old}: ${expected}, seen ${seen}`);
    throw new Failed(`${wrong} of ${total} do not hold: ${first.join('; ')}`);
  }
  if (unknown > 0) throw new Unknown(`${unknown} of ${total} could not be asked: ${why ?? ''}`);
}

interface How {
  readonly own: boolean;
  readonly perHost?: number;
}

async function everyHolds(world: World, name: string, { own, perHost }: How): Promise<void> {
  const rows = await load(world, name);
  const some = perHost === undefined ? rows : sampled(rows, perHost);
  mustHold(world, await verify(some, optionsOf(world, own)));
}

/** Old, new and status in a table, with or without a head. */
async function tableHolds(world: World, table: Iterable<readonly string[]>): Promise<void> {
  const lines = [...table].map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`));
  const [first = []] = lines;
  const head = /^"https?:/i.test(first[0] ?? '')
    ? [['old', 'new', 'status'].slice(0, first.length)]
    : [];
  const text = [...head, ...lines].map((cells) => cells.join(',')).join('\n');
  const { rows, findings } = readMap(text, 'the table');
  const [wrong] = findings;
  if (wrong) throw new Unknown(`row ${wrong.line} of the table: ${wrong.message}`);
  Object.assign(world.part(held), { name: 'the table', rows, findings });
  mustHold(world, await verify(loaded(world), optionsOf(world, false)));
}

async function hasNoErrors(world: World, name: string): Promise<void> {
  const rows = await load(world, name);
  const findings = [...world.part(held).findings, ...lint(rows)];
  const { errors, warnings } = countFindings(findings);
  world.performance.push({ label: 'errors', value: errors, unit: '', critical: 1, min: 0 });
  world.performance.push({ label: 'warnings', value: warnings, unit: '', min: 0 });
  const first = findings
    .filter(({ severity }) => severity === 'error')
    .slice(0, 5)
    .map(({ line, column, message }) => `${line}:${column} ${message}`);
  expectThat(errors === 0, `no errors in ${name}`, `there are ${errors}: ${first.join('; ')}`);
}

async function nothingMissing(world: World, ms: number): Promise<void> {
  const rows = loaded(world);
  const { stream } = world.surroundings;
  if (!stream?.accessed)
    throw new Unknown('access is not known here: only a server that keeps history can run it');
  const to = stream.now();
  world.lookbackMs = Math.max(world.lookbackMs, ms);
  const { accesses, coverage } = await stream.accessed(to - ms, to, world.signal);
  const { missing } = usageOf(rows, accesses, (status) => status >= 200 && status < 300);
  world.performance.push({
    label: 'missing',
    value: missing.length,
    unit: '',
    critical: 1,
    min: 0,
  });
  const first = missing.slice(0, 5).map(({ url, hits }) => `${url} (${hits})`);
  if (missing.length > 0)
    throw new Failed(`of what is live, ${missing.length} not in the map: ${first.join(', ')}`);
  if (!coverage.isComplete)
    throw new Unknown(`access events have a gap: ${coverage.why ?? 'it is not known why'}`);
}

const group = 'Redirects';

/** How a map's redirects are asked for: two places, all of them or some of each host. */
const everyRedirect = [false, true].flatMap((own): Step[] => {
  const where = own ? ' at its own address' : '';
  const about = own
    ? 'Each address is asked for where it is, over the network.'
    : 'They are asked for where the scenario is run against, by the host of each old address; without such a place each at its own.';
  const words =
    'A CSV beside the feature, Old Url,New Url,Status. Status and target have to be right; nothing is followed.';
  return [
    {
      expression: `every redirect in {string} should hold${where}`,
      kind: 'assertion',
      group,
      about: `${words} ${about}`,
      example: [`Then every redirect in "redirects.csv" should hold${where}`],
      run: async (world, given) => everyHolds(world, given.text(0), { own }),
    },
    {
      expression: `every redirect in {string} should hold${where}, sampling {int} per host`,
      kind: 'assertion',
      group,
      about: 'So many rows of each host, evenly over the map, the same ones each time.',
      example: [
        `Then every redirect in "redirects.csv" should hold${where}, sampling 100 per host`,
      ],
      run: async (world, given) =>
        everyHolds(world, given.text(0), { own, perHost: given.number(1) }),
    },
  ];
});

/** Redirect maps: that they are right, and that they hold. */
export const redirectSteps: readonly Step[] = [
  {
    expression: 'the redirect map {string}',
    kind: 'context',
    group,
    about: 'The map that the steps below are about, a CSV beside the feature.',
    example: ['Given the redirect map "redirects.csv"'],
    run: async (world, given) => void (await load(world, given.text(0))),
  },
  ...everyRedirect,
  {
    expression: 'these redirects should hold:',
    kind: 'assertion',
    group,
    about:
      'Old address, new address and status in each row; without a status 301, without a new address 410.',
    example: [
      'Then these redirects should hold:',
      '  | http://www.example.org/old  | https://www.example.org/new | 301 |',
      '  | http://www.example.org/gone |                             | 410 |',
    ],
    takes: 'table',
    run: async (world, given) => tableHolds(world, given.table),
  },
  {
    expression: 'the redirect map {string} should have no errors',
    kind: 'assertion',
    group,
    about: 'As `territory redirects lint`; warnings are counted.',
    example: ['Then the redirect map "redirects.csv" should have no errors'],
    run: async (world, given) => hasNoErrors(world, given.text(0)),
  },
  {
    expression: 'no redirect should chain more than {int} time(s)',
    kind: 'assertion',
    group,
    about:
      'Every redirect of the map is followed; so many redirects may come after each other. Where it is asked at another place than its own, it ends where it leaves the hosts of the map.',
    example: ['Then no redirect should chain more than 1 time'],
    run: async (world, given) =>
      mustHold(
        world,
        await verifyChains(loaded(world), { ...optionsOf(world, false), hops: given.number(0) }),
      ),
  },
  {
    expression: 'every target should answer 200',
    kind: 'assertion',
    group,
    about: 'Where the redirects of the map lead, each once, after at most three more redirects.',
    example: ['Then every target should answer 200'],
    run: async (world) =>
      mustHold(world, await verifyTargets(loaded(world), optionsOf(world, false))),
  },
  {
    expression:
      'no live URL from the last {duration} of access events should be missing from the map',
    kind: 'assertion',
    group,
    about:
      'What was answered with 2xx on the hosts of the map has a row in it. Where access events have a gap it is unknown.',
    example: [
      'Then no live URL from the last 7 days of access events should be missing from the map',
    ],
    run: async (world, given) => nothingMissing(world, given.number(0)),
  },
];
