import { scalarOf } from '../map/code/yaml-words.ts';

/** What was found in the folder of an application that has no manifest yet. */
export interface SeenApplication {
  /** Name of its folder. */
  readonly folder: string;
  /** Texts of these files, where they are. */
  readonly packageJson?: string;
  readonly procfile?: string;
  /** Beginnings of files in which a port and a path of health may stand. */
  readonly sources: readonly string[];
  /** Paths from the folder that are there, of those that matter. */
  readonly has: ReadonlySet<string>;
}

/** The folder of migrations, the file of keys and the features that are looked for. */
export const lookedFor = [
  'package-lock.json',
  'server.js',
  'migrations',
  'db/migrations',
  'config/keys.yaml',
  'features',
] as const;

/** A first `territory.yaml`, and what of it was guessed. */
export interface FirstManifest {
  readonly text: string;
  readonly guesses: readonly string[];
}

interface Package {
  readonly name?: unknown;
  readonly scripts?: Readonly<Record<string, unknown>>;
}

/** Port and path when nothing says others. */
const usualPort = 3000;
const usualHealth = '/healthcheck/ready';

/** Writes a first manifest: five lines, and one for each thing more that the folder has. */
export function firstManifest(seen: SeenApplication): FirstManifest {
  const own = packageOf(seen.packageJson);
  const web = /^web[ \t]*:[ \t]*(\S.*)$/m.exec(seen.procfile ?? '')?.[1];
  const texts = [web ?? '', ...scriptsOf(own), ...seen.sources];
  const port = portIn(texts);
  const health = healthIn(seen.sources);
  const type = typeOf(seen, own, web);
  const lines = [
    `app: ${scalarOf(nameOf(seen, own))}`,
    `type: ${type}`,
    `port: ${port ?? usualPort}`,
    `health: {ready: ${health ?? usualHealth}}`,
    'strategy: {kind: blue-green}',
    ...moreOf(seen, own),
  ];
  return {
    text: `${lines.join('\n')}\n`,
    guesses: [
      ...(port === undefined ? [`port ${usualPort}: no file says which it listens on`] : []),
      ...(health === undefined
        ? [
            `health ${usualHealth}: no path was found; it must answer 200 when the application can work`,
          ]
        : []),
      ...(type === 'bare'
        ? ['type bare: nothing says how it is started; add "start: COMMAND"']
        : []),
    ],
  };
}

function packageOf(text: string | undefined): Package {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

const scriptsOf = ({ scripts = {} }: Package): string[] =>
  Object.values(scripts).filter((one) => typeof one === 'string');

/** The package's name without its scope, else the folder's, as an application may be called. */
function nameOf({ folder }: SeenApplication, { name }: Package): string {
  const said = typeof name === 'string' ? name.replace(/^@[^/]*\//, '') : '';
  const [first] = [said, folder]
    .map((one) =>
      one
        .toLowerCase()
        .replaceAll(/[^a-z0-9._-]+/g, '-')
        .slice(0, 63)
        .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, ''),
    )
    .filter((one) => one !== '');
  return first ?? 'app';
}

function typeOf(seen: SeenApplication, own: Package, web: string | undefined): string {
  if (web !== undefined) return 'procfile';
  const starts = typeof own.scripts?.['start'] === 'string' || seen.has.has('server.js');
  return seen.packageJson !== undefined && starts ? 'node' : 'bare';
}

const ports: readonly RegExp[] = [
  /\bPORT\b["'\]]*\s*(?:\|\||\?\?|:-|,)\s*["']?(\d{2,5})/,
  /--port[ =](\d{2,5})/,
  /(?:^|\s)-p[ =]?(\d{2,5})/,
  /\.listen\(\s*(\d{2,5})/,
  /\bport\b\s*[:=]\s*(\d{2,5})/i,
];

function portIn(texts: readonly string[]): number | undefined {
  const found = ports.flatMap((one) => texts.flatMap((text) => one.exec(text)?.[1] ?? []));
  return found.map(Number).find((port) => port >= 1 && port <= 65_535);
}

/** What says that it can work goes before what says that it lives. */
function healthIn(sources: readonly string[]): string | undefined {
  const path =
    /["'`](\/(?:[\w-]+\/)*(?:healthcheck|health|healthz|ready|readyz|readiness|status|ping)(?:\/[\w-]+)*)["'`]/g;
  const found = sources.flatMap((text) => [...text.matchAll(path)].map(([, one = '']) => one));
  return found.find((one) => one.includes('ready')) ?? found[0];
}

function moreOf({ has, packageJson, folder }: SeenApplication, own: Package): string[] {
  const migrations = ['migrations', 'db/migrations'].find((one) => has.has(one));
  const build = [
    ...(has.has('package-lock.json') ? ['npm ci'] : []),
    ...(typeof own.scripts?.['build'] === 'string' ? ['npm run build'] : []),
  ];
  const name = nameOf({ folder, has, sources: [] }, own);
  return [
    ...(packageJson !== undefined && build.length > 0
      ? [`build: {run: ${scalarOf(build.join(' && '))}}`]
      : []),
    ...(migrations === undefined
      ? []
      : [`database: {${scalarOf(`${name}-db`)}: {migrations: ${scalarOf(`${migrations}/`)}}}`]),
    ...(has.has('config/keys.yaml') ? ['config: {keys: config/keys.yaml}'] : []),
    ...(has.has('features') ? ['smoke: "features/**/*.feature"'] : []),
  ];
}
