import type { PlacedEvent } from '../../event/codec.ts';
import type { Draft, Json } from '../../event/event.ts';
import { defined } from '../alerts/facts.ts';

/** The source of the facts that this room decides. What the demo itself tells has its own. */
export const demoSource = 'territory/demo';

/** What happens in this room, as `<subject>.<predicate>` of its types. */
export const happenings = [
  /** The company was started; `data`: seed, speed, site, tools. */
  'demo.started',
  'demo.stopped',
  /** Something of the story; `data`: kind, text, who, link. */
  'demo.told',
  /** A person asked for chaos, or for its end; `data`: kind, on. The only one the room decides. */
  'demo.chaosasked',
  /** The demo did it for real; `data`: kind, said. The same for the two others. */
  'demo.chaosbegan',
  'demo.chaosended',
  'demo.chaosfailed',
] as const;

/** What happened, without `territory-` and version. */
export type Happening = (typeof happenings)[number];

const prefix = 'dev.cdeventsx.territory-';

/** What the types of this room's facts begin with. */
export const ownTypes = `${prefix}demo.`;

/** `dev.cdeventsx.territory-demo.started.0.1.0` */
export function typeOf(happening: Happening): string {
  return `${prefix}${happening}.0.1.0`;
}

const byType = new Map<string, Happening>(happenings.map((one) => [typeOf(one), one]));

/** What a fact says happened to the demo; undefined for any other event. */
export function happeningOf({ type }: Pick<PlacedEvent, 'type'>): Happening | undefined {
  return byType.get(type);
}

/** What facts of one kind of chaos have as subject. */
export const chaosSubject = (kind: string): string => `chaos/${kind}`;

interface Saying {
  /** ms since the epoch, UTC. */
  readonly at: number;
  readonly subject: string;
  readonly by?: string;
  readonly state?: string;
  readonly data?: { readonly [name: string]: Json | undefined };
}

/** A fact's draft: who did it, and what it is about, stand where every other fact has them. */
export function factOf(happening: Happening, { at, subject, by, state, data }: Saying): Draft {
  return defined({
    type: typeOf(happening),
    time: at,
    source: demoSource,
    subject,
    state,
    attributes: by === undefined ? undefined : { actor: by },
    data: defined({ by, ...data }),
  });
}
