import type { PlacedEvent } from '../../event/codec.ts';
import { Payload } from '../alerts/facts.ts';
import { type ChaosKind, chaosKinds, chaosNamed, chaosWords } from './chaos.ts';
import { type Happening, happeningOf } from './facts.ts';
import { type Happened, happenedBy, pageIn, streamPath } from './happened.ts';
import type { TourId } from './tour.ts';

/** So much of the story is kept, the newest. */
export const maxStory = 200;
/** Characters of one text that was told. */
const maxText = 500;
/** Programs of the machine that are named. */
const maxTools = 20;

/** What may be told in the story. */
export const toldKinds = [
  'committed',
  'merged',
  'built',
  'deployed',
  'rolled-back',
  'reverted',
  'chaos',
  'support',
] as const;

/** One thing of the story, with the event behind it. */
export interface ToldKnown {
  /** ms since the epoch, UTC. */
  readonly at: number;
  readonly kind: (typeof toldKinds)[number];
  readonly text: string;
  readonly who: string | null;
  /** A page of the console. */
  readonly link: string;
  readonly source: string;
  readonly id: string;
}

/** How one kind of chaos stands. */
export interface ChaosKnown {
  readonly state: 'idle' | 'asked' | 'running' | 'failed';
  /** It goes on, and its end was asked for. */
  readonly ending: boolean;
  /** ms since the epoch, UTC. */
  readonly since: number;
  /** Who asked for it. */
  readonly by: string | null;
  readonly said: string | null;
  /** The last fact of it. */
  readonly eventId: { readonly source: string; readonly id: string };
}

/** The company as it was started last. */
export interface CompanyKnown {
  /** ms since the epoch, UTC. */
  readonly startedAt: number;
  readonly seed: number | null;
  readonly speed: number | null;
  /** Where customers come in. */
  readonly site: string | null;
  readonly tools: readonly { readonly what: string; readonly found: string }[];
  readonly stopped: boolean;
}

/** What happened last of a step of the tour. */
export type HappenedAt = Omit<Happened, 'step'> & { readonly at: number };

/** What the room knows: a fold of its facts and of some of others. */
export interface DemoState {
  company: CompanyKnown | undefined;
  /** When the demo was heard last; ms since the epoch, UTC, by the clock of the log. */
  heardAt: number;
  readonly chaos: Map<ChaosKind, ChaosKnown>;
  /** The oldest first. */
  readonly story: ToldKnown[];
  /** How much was told, kept or not. */
  told: number;
  readonly happened: Map<TourId, HappenedAt>;
}

export function startDemo(): DemoState {
  return {
    company: undefined,
    heardAt: 0,
    chaos: new Map(),
    story: [],
    told: 0,
    happened: new Map(),
  };
}

/** The state with one fact more. Total: what makes no sense changes nothing. */
export function foldDemo(state: DemoState, event: PlacedEvent): DemoState {
  const happening = happeningOf(event);
  if (happening) {
    if (happening !== 'demo.chaosasked') state.heardAt = event.received;
    folds[happening](state, { event, payload: new Payload(event.data) });
  }
  const all = happenedBy(event);
  for (const { step, text, path } of all)
    if (step !== 'alert' || isOfStory(state, all))
      state.happened.set(step, { at: event.time, text: text.slice(0, maxText), path });
  return state;
}

/** The steps on an alert and on its suspects are about one alert: no other takes the place of the first. */
const isOfStory = ({ happened }: DemoState, all: readonly Happened[]): boolean =>
  !happened.has('suspects') || all.some(({ step }) => step === 'suspects');

interface Fact {
  readonly event: PlacedEvent;
  readonly payload: Payload;
}

const folds: Readonly<Record<Happening, (state: DemoState, fact: Fact) => void>> = {
  'demo.started': (state, { event, payload }) => {
    const tools = payload.list('tools').flatMap((one) => {
      const [what, found] = [one.text('what'), one.text('found')];
      return what === undefined || found === undefined ? [] : [{ what, found }];
    });
    state.company = {
      startedAt: event.time,
      seed: payload.number('seed') ?? null,
      speed: payload.number('speed') ?? null,
      site: webAddressIn(payload, 'site'),
      tools: tools.slice(0, maxTools),
      stopped: false,
    };
    // Whatever went on went down with the company that it was done to.
    state.chaos.clear();
  },
  'demo.stopped': (state) => {
    if (state.company) state.company = { ...state.company, stopped: true };
    state.chaos.clear();
  },
  'demo.told': (state, { event, payload }) => {
    const kind = toldKinds.find((one) => one === payload.text('kind'));
    const text = payload.text('text');
    if (kind === undefined || text === undefined) return;
    tell(state, event, { kind, text, who: payload.text('who'), link: pageIn(payload) });
  },
  'demo.chaosasked': (state, { event, payload }) => {
    const kind = chaosNamed(payload.text('kind'));
    if (!kind) return;
    const known = state.chaos.get(kind);
    const eventId = idOf(event);
    if (payload.json('on') === false) {
      if (known?.state === 'asked') state.chaos.delete(kind);
      if (known?.state === 'running') state.chaos.set(kind, { ...known, ending: true, eventId });
      return;
    }
    const by = payload.text('by') ?? null;
    const said = null;
    state.chaos.set(kind, { state: 'asked', ending: false, since: event.time, by, said, eventId });
  },
  'demo.chaosbegan': (state, fact) => turn(state, fact, 'running'),
  'demo.chaosended': (state, fact) => turn(state, fact, 'idle'),
  'demo.chaosfailed': (state, fact) => turn(state, fact, 'failed'),
};

function turn(state: DemoState, { event, payload }: Fact, to: ChaosKnown['state']): void {
  const kind = chaosNamed(payload.text('kind'));
  if (!kind) return;
  const by = state.chaos.get(kind)?.by ?? null;
  const said = payload.text('said')?.slice(0, maxText) ?? null;
  const known = { state: to, ending: false, since: event.time, by, said, eventId: idOf(event) };
  state.chaos.set(kind, known);
  const text = `${chaosWords[kind].title}: ${said ?? to}`;
  tell(state, event, { kind: 'chaos', text, who: by ?? undefined, link: '/demo' });
}

interface Telling {
  readonly kind: ToldKnown['kind'];
  readonly text: string;
  readonly who: string | undefined;
  readonly link: string | undefined;
}

function tell(state: DemoState, event: PlacedEvent, { kind, text, who, link }: Telling): void {
  const { story } = state;
  state.told++;
  const told = { at: event.time, kind, text: text.slice(0, maxText), who: who ?? null };
  story.push({ ...told, link: link ?? streamPath(event), ...idOf(event) });
  if (story.length > maxStory) story.shift();
}

const idOf = ({ source, id }: PlacedEvent) => ({ source, id });

/** An address that a page may lead to. */
function webAddressIn(payload: Payload, name: string): string | null {
  const text = payload.text(name);
  return text !== undefined && /^https?:\/\//.test(text) ? text : null;
}

/** Every kind in its order, with how it stands; undefined where nothing was ever asked. */
export function chaosStanding({
  chaos,
}: DemoState): readonly (readonly [ChaosKind, ChaosKnown | undefined])[] {
  return chaosKinds.map((kind) => [kind, chaos.get(kind)] as const);
}
