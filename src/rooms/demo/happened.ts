import type { PlacedEvent } from '../../event/codec.ts';
import { quote } from '../../event/where/text.ts';
import { Payload, happeningOf as alertHappening } from '../alerts/facts.ts';
import { happeningOf as checkHappening } from '../checks/facts.ts';
import { happeningOf as deployHappening } from '../deploys/facts.ts';
import { stagesIn } from '../deploys/payload.ts';
import { type Change, mapFactOf, mapSource } from '../map/facts.ts';
import { chaosNamed, chaosWords } from './chaos.ts';
import { happeningOf } from './facts.ts';
import type { TourId } from './tour.ts';

/** What happened of a step of the tour. */
export interface Happened {
  readonly step: TourId;
  readonly text: string;
  /** Page of the console that shows it. */
  readonly path: string;
}

/** Types of the facts of other rooms that the tour tells of, as their lines hold them. */
export const othersHeard: readonly string[] = [
  'dev.cdeventsx.territory-alert.',
  'dev.cdeventsx.territory-deploy.',
  'dev.cdevents.service.',
  'dev.cdeventsx.territory-map.declared',
  'dev.cdeventsx.territory-process.',
  'dev.cdeventsx.territory-check.',
];

/** What a fact says to the steps of the tour. Total: what makes no sense says nothing. */
export function happenedBy(event: PlacedEvent): readonly Happened[] {
  const payload = new Payload(event.data);
  return [
    ...ofStory(event, payload),
    ...ofAlert(event, payload),
    ...ofDeploy(event, payload),
    ...ofMap(event),
    ...ofCheck(event, payload),
  ];
}

const steps: Readonly<Record<string, TourId>> = {
  support: 'visitors',
  committed: 'release',
  merged: 'release',
  built: 'release',
  'rolled-back': 'recovered',
};

function ofStory(event: PlacedEvent, payload: Payload): Happened[] {
  const happening = happeningOf(event);
  if (happening === 'demo.chaosbegan') {
    const kind = chaosNamed(payload.text('kind'));
    const said = payload.text('said') ?? '';
    return kind
      ? [{ step: 'break', text: `${chaosWords[kind].title}: ${said}`, path: '/demo' }]
      : [];
  }
  const step = steps[payload.text('kind') ?? ''];
  const text = payload.text('text');
  if (happening !== 'demo.told' || step === undefined || text === undefined) return [];
  return [{ step, text, path: pageIn(payload) ?? streamPath(event) }];
}

function ofAlert(event: PlacedEvent, payload: Payload): Happened[] {
  const happening = alertHappening(event);
  const alert = payload.text('alert');
  if (happening === undefined || alert === undefined) return [];
  const text = payload.text('title') ?? alert;
  const path = `/alerts/${encodeURIComponent(alert)}`;
  if (happening === 'alert.resolved') return [{ step: 'recovered', text: `Over: ${text}`, path }];
  if (happening !== 'alert.opened' && happening !== 'alert.updated') return [];
  const suspect = suspectIn(payload, path);
  return happening === 'alert.opened' || suspect.length > 0
    ? [{ step: 'alert', text, path }, ...suspect]
    : [];
}

function suspectIn(payload: Payload, path: string): Happened[] {
  const [suspect] = payload.list('suspects');
  const what = suspect?.text('what');
  if (!suspect || what === undefined) return [];
  const because = Object.values(suspect.texts('because')).join(', ');
  return [{ step: 'suspects', text: `${what}: ${because}`, path }];
}

function ofDeploy(event: PlacedEvent, payload: Payload): Happened[] {
  const happening = deployHappening(event);
  const deploy = payload.text('deploy') ?? customIn(payload).text('deploy');
  const text = happening && deployWords[happening]?.(about(event), payload);
  if (deploy === undefined || text === undefined) return [];
  const step = happening === 'service.rolledback' ? 'recovered' : 'deploy';
  return [{ step, text, path: `/deploys/${encodeURIComponent(deploy)}` }];
}

interface About {
  readonly app: string;
  readonly version: string;
  readonly environment: string;
}

const about = ({ service = '', environment = '', attributes }: PlacedEvent): About => ({
  app: service,
  environment,
  version: attributes?.['service.version'] ?? '',
});

type Words = (about: About, payload: Payload) => string | undefined;

const deployWords: Partial<Record<string, Words>> = {
  'deploy.started': ({ app, version, environment }) =>
    `${app} ${version} is on its way to ${environment}`,
  'deploy.stage': ({ app, version, environment }, payload) => {
    const stage = stagesIn(payload, 'stages').at(-1);
    return stage && `${app} ${version} in ${environment}: ${stage.stage} ${stage.state}`;
  },
  'deploy.failed': ({ app, version, environment }) => `${app} ${version} failed in ${environment}`,
  'service.deployed': ({ app, version, environment }) => `${app} ${version} runs in ${environment}`,
  'service.rolledback': ({ app, version, environment }) =>
    `${app} went back to ${version} in ${environment}`,
};

/** What stands beside a CDEvent in its payload. */
const customIn = (payload: Payload): Payload => new Payload(payload.json('customData'));

function ofMap(event: PlacedEvent): Happened[] {
  if (event.source !== mapSource) return [];
  const fact = mapFactOf(event);
  if (fact?.kind === 'declared')
    return [{ step: 'map', text: `The map was read from ${fact.declaration.file}`, path: '/map' }];
  if (fact?.kind !== 'health') return [];
  return fact.changes.filter(({ id }) => id.startsWith(ofProcess)).flatMap(ofChange);
}

const ofProcess = 'process:';

function ofChange({ id, health }: Change): Happened[] {
  const process = id.slice(ofProcess.length);
  const cause = health.because.at(-1);
  const state = health.shown.replace('-', ' ');
  const text = `${process}: ${state}${cause === undefined ? '' : `, because of ${cause}`}`;
  const here = { text, path: `/map?process=${encodeURIComponent(process)}` };
  const bad = health.shown !== 'ok' && health.shown !== 'no-evidence';
  return [
    { step: 'map', text, path: '/map' },
    ...(bad ? [{ step: 'at-risk', ...here } as const] : []),
  ];
}

function ofCheck(event: PlacedEvent, payload: Payload): Happened[] {
  const happening = checkHappening(event);
  if (happening !== 'check.statechanged') return [];
  const id = event.subject?.replace(/^check\//, '') ?? '';
  const [to, summary] = [payload.text('to'), payload.text('summary') ?? ''];
  if (id === '' || to === undefined) return [];
  const text = `${event.name ?? id}: ${to}${summary === '' ? '' : `, ${summary}`}`;
  return [{ step: 'checks', text, path: `/checks/${encodeURIComponent(id)}` }];
}

/** Page of the console that a fact names as `link`; an address elsewhere is none. */
export function pageIn(payload: Payload): string | undefined {
  const link = payload.text('link');
  return link !== undefined && /^\/(?![/\\])/.test(link) ? link : undefined;
}

/** Page of the console that shows one event. */
export function streamPath({ source, id, time }: PlacedEvent): string {
  const where = `source = ${quote(source)} and id = ${quote(id)}`;
  const moment = (ms: number): string => new Date(ms).toISOString();
  const search = { where, from: moment(time - 1000), to: moment(time + 1000) };
  return `/stream?${new URLSearchParams(search).toString()}`;
}
