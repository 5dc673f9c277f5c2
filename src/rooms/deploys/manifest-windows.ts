import type { Window } from '../gates/gate.ts';
import type { GatesState } from '../gates/state.ts';
import type { Delivery } from '../releases/artefact/delivery.ts';

/** Who set up what a release brings along itself. */
export const manifest = 'territory.yaml';

/**
 * The gates with the windows of a release's own territory.yaml. They hold where customers are: in the
 * last environment of `promote.order`, or everywhere when there is none.
 */
export function withWindowsOf(
  gates: GatesState,
  delivery: Pick<Delivery, 'windows' | 'promote'> | undefined,
  { app, environment }: { readonly app: string; readonly environment: string },
): GatesState {
  if (!delivery || delivery.windows.length === 0) return gates;
  const last = delivery.promote.order.at(-1);
  if (last !== undefined && last !== environment) return gates;
  const own = delivery.windows.map(({ kind, when, tz }, i) => {
    const id = `${manifest}#${i + 1}`;
    const window: Window = {
      id,
      scope: { app },
      by: manifest,
      created: 0,
      offset: 0,
      kind,
      schedule: when,
      zone: tz,
      overrun: false,
    };
    return [id, window] as const;
  });
  return { ...gates, windows: new Map([...gates.windows, ...own]) };
}
