import { type Span, stepFrom, within } from './moments.ts';

const hour = 3_600_000;

/** Where the thumb stands before a key is pressed. Times are ms since the epoch. */
export interface From {
  /** Undefined: now. */
  readonly at: number | undefined;
  readonly window: Span;
  readonly moments: readonly number[];
  /** The window ends now: beyond its end the map is live. */
  readonly endsNow: boolean;
  /** The window is of one's own: keys do not lead out of it. Others move along. */
  readonly isFixed: boolean;
}

type Target = { readonly to: number | undefined };

/** Where a key leads; undefined: it is none of the slider's. `to` undefined: now. */
export const keyMove = (key: string, of: From): Target | undefined => moves[key]?.(of);

const stands = ({ at, window }: From): number => at ?? window.to;

/** So far beyond the window the thumb goes where nothing is in sight. */
const beyond = ({ window, isFixed }: From): number => (isFixed ? 0 : (window.to - window.from) / 2);

function placed(time: number, { window, isFixed }: From): Target {
  return { to: Math.round(isFixed ? within(time, window) : time) };
}

function later(time: number, of: From): Target {
  const isLive = of.at === undefined || (of.endsNow && time > of.window.to);
  return isLive ? { to: undefined } : placed(time, of);
}

const back = (of: From): Target =>
  placed(stepFrom(of.moments, stands(of), 'back') ?? of.window.from - beyond(of), of);

const forward = (of: From): Target => {
  const end = of.endsNow ? Infinity : of.window.to + beyond(of);
  return later(stepFrom(of.moments, stands(of), 'forward') ?? end, of);
};

const moves: Readonly<Record<string, (of: From) => Target>> = {
  ArrowLeft: back,
  ArrowDown: back,
  ArrowRight: forward,
  ArrowUp: forward,
  PageDown: (of) => placed(stands(of) - hour, of),
  PageUp: (of) => later(stands(of) + hour, of),
  Home: ({ window }) => ({ to: window.from }),
  End: ({ window, endsNow, isFixed }) => ({ to: isFixed && !endsNow ? window.to : undefined }),
};
