import type { Draft } from '../../event/event.ts';
import type { Context, Room } from '../room.ts';
import { type ChaosKind, chaosWords } from './chaos.ts';
import { newsroomError } from './errors.ts';
import { chaosSubject, demoSource, factOf, ownTypes } from './facts.ts';
import { othersHeard } from './happened.ts';
import { type ChaosKnown, type DemoState, foldDemo, startDemo } from './state.ts';

/** What people may tell the room; everything else is told by the demo itself. */
export interface DemoCommand {
  readonly kind: 'chaos';
  readonly chaos: ChaosKind;
  /** False ends what goes on. */
  readonly on: boolean;
}

export type DemoRoom = Room<DemoState, DemoCommand>;

/** The room of the demo. Nothing is done here: the demo's process reads what was asked for. */
export const demoRoom: DemoRoom = {
  name: 'demo',
  source: demoSource,
  hears: [ownTypes, ...othersHeard],
  start: startDemo,
  fold: foldDemo,
  subjectOf: (_, { chaos }) => chaosSubject(chaos),
  decide,
};

function decide(
  { company, chaos: all }: DemoState,
  { chaos: kind, on }: DemoCommand,
  { now, actor }: Context,
): Draft | undefined {
  if (!company || company.stopped)
    throw newsroomError('NONE', 'no demo watches this server; start one by `territory demo`');
  const known = all.get(kind);
  const why = refusal(kind, on, known);
  if (why !== undefined) throw newsroomError('STATE', `${chaosWords[kind].title}: ${why}`);
  if (!on && known?.ending === true) return undefined;
  return factOf('demo.chaosasked', {
    at: now,
    subject: chaosSubject(kind),
    by: actor,
    data: { kind, on },
  });
}

function refusal(kind: ChaosKind, on: boolean, known: ChaosKnown | undefined): string | undefined {
  const goesOn = known?.state === 'asked' || known?.state === 'running';
  if (on) return goesOn ? 'it goes on already' : undefined;
  if (!goesOn) return 'nothing goes on that could be ended';
  return chaosWords[kind].lasts ? undefined : 'it ends by itself';
}
