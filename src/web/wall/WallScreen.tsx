import { type ReactNode, useEffect } from 'react';
import { useNow } from '../kit/clock.ts';
import { formatClock } from '../kit/format.ts';
import { useZone } from '../kit/preferences.ts';
import { setTitle } from '../kit/title.ts';
import { driftAt } from './drift.ts';
import { useScale, useTheme } from './use-board.ts';
import { useWakeLock } from './use-wake-lock.ts';
import './wall.css';

/** A board of 1920 by 1080 as large as the screen allows: it drifts, stays awake, and is dark. */
export function WallScreen(props: {
  readonly title: string;
  readonly theme: string | undefined;
  readonly children: ReactNode;
}): ReactNode {
  const { title, theme, children } = props;
  const scale = useScale();
  const [x, y] = driftAt(useNow());
  useTheme(theme === 'light' ? 'light' : 'dark');
  useWakeLock();
  useEffect(() => setTitle(title), [title]);
  return (
    <main className="wall">
      <div
        className="wall-board"
        style={{ transform: `translate(-50%, -50%) scale(${scale}) translate(${x}px, ${y}px)` }}
      >
        {children}
      </div>
    </main>
  );
}

/** What nobody can miss: that what is on the wall is not to be relied on. */
export function WallLoud({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <p className="wall-loud" role="alert">
      <svg aria-hidden="true" viewBox="0 0 12 12" fill="currentColor" className="wall-glyph">
        <path d="M6 .8l5.6 10.4H.4z" />
      </svg>
      {children}
    </p>
  );
}

/** The line at the bottom: what hangs here, how old it is, and the time. */
export function WallFoot(props: {
  readonly title: string;
  readonly age: string;
  readonly isLoud: boolean;
  readonly now: number;
}): ReactNode {
  const zone = useZone();
  return (
    <footer className="wall-foot">
      <span className="wall-foot-title">{props.title}</span>
      <span className="wall-age" data-loud={props.isLoud}>
        {props.age}
      </span>
      <time className="wall-clock" dateTime={new Date(props.now).toISOString()}>
        {formatClock(props.now, zone)}
        {zone === 'utc' && ' UTC'}
      </time>
    </footer>
  );
}
