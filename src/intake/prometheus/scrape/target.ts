import { parseDuration } from '../../../event/quantity.ts';
import type { Label } from '../series.ts';

/** As the settings have it: intakes.scrape.targets. */
export interface TargetSettings {
  readonly url: string;
  readonly service?: string;
  readonly host?: string;
  readonly environment?: string;
  readonly interval?: string;
  readonly timeout?: string;
  readonly tokenFile?: string;
  readonly headerFiles?: Readonly<Record<string, string>>;
  readonly caFile?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly honorLabels?: boolean;
}

/** One endpoint, and how it is asked. */
export interface Target {
  /** For people: the address without a password. */
  readonly name: string;
  readonly url: URL;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly tokenFile: string | undefined;
  readonly headerFiles: Readonly<Record<string, string>>;
  readonly caFile: string | undefined;
  /** What each of its series is given. */
  readonly labels: readonly Label[];
  /** Whether labels of the page win over those of the target. */
  readonly honorLabels: boolean;
}

const usualInterval = 15_000;
/** Nobody is asked more often, ms. */
const leastInterval = 100;
const usualTimeout = 10_000;

/** The target, or what is wrong with its settings. */
export function targetOf(settings: TargetSettings): Target | string {
  const { url: text, interval = '', timeout = '', honorLabels = false } = settings;
  if (!URL.canParse(text))
    return `${JSON.stringify(text)} is no address: write http://host:port/path`;
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `${JSON.stringify(text)} is neither http: nor https:`;
  if (url.username !== '' || url.password !== '')
    return `${nameOf(text)} holds a password: write it into a file, and name that under headerFiles as Authorization, or a token under tokenFile`;
  const intervalMs = Math.max(leastInterval, parseDuration(interval) ?? usualInterval);
  const timeoutMs = Math.min(intervalMs, parseDuration(timeout) ?? usualTimeout);
  return {
    name: nameOf(text),
    url,
    intervalMs,
    timeoutMs,
    tokenFile: settings.tokenFile,
    headerFiles: settings.headerFiles ?? {},
    caFile: settings.caFile,
    labels: labelsOf(settings, url),
    honorLabels,
  };
}

/** The address without user and password. */
export function nameOf(text: string): string {
  if (!URL.canParse(text)) return text.replace(/\/\/[^/]*@/, '//');
  const url = new URL(text);
  url.username = '';
  url.password = '';
  return url.href;
}

// OpenTelemetry's names win over all others in `fromLabels`, and no label of a page is called so.
function labelsOf(settings: TargetSettings, { host, protocol }: URL): readonly Label[] {
  const { service, host: machine, environment, labels = {} } = settings;
  const port = protocol === 'https:' ? ':443' : ':80';
  const all: Readonly<Record<string, string | undefined>> = {
    instance: /:\d+$/.test(host) ? host : host + port,
    ...labels,
    'service.name': service,
    'host.name': machine,
    'deployment.environment.name': environment,
  };
  return Object.entries(all).flatMap(([name, value = '']): Label[] =>
    value === '' ? [] : [[name, value]],
  );
}

/**
 * The labels of a series with those of its target. Where both have one, the page's is called
 * `exported_…`, or wins with honorLabels (prometheus.io, "scrape_config").
 */
export function withTarget(labels: readonly Label[], target: Target): readonly Label[] {
  const own = new Set(target.labels.map(([name]) => name));
  if (!target.honorLabels)
    return [
      ...labels.map(([name, value]): Label => [own.has(name) ? `exported_${name}` : name, value]),
      ...target.labels,
    ];
  const given = new Set(labels.flatMap(([name, value]) => (value === '' ? [] : [name])));
  return [
    ...labels.filter(([name]) => given.has(name) || !own.has(name)),
    ...target.labels.filter(([name]) => !given.has(name)),
  ];
}
