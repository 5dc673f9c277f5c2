import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Icon } from '../kit/Icon.tsx';
import { useIsDemo } from './api.ts';
import { tourMemory, useTourPlace } from './tour/memory.ts';

interface DemoPlacesProps {
  /** Somebody chose one. */
  readonly onGo: () => void;
  readonly className: string;
  readonly activeClassName: string;
}

/** The demo in the navigation, while one lives: its page, and the tour for every page. */
export function DemoPlaces({ onGo, className, activeClassName }: DemoPlacesProps): ReactNode {
  const { state } = useTourPlace();
  if (!useIsDemo()) return null;
  return (
    <div className="mt-2 flex flex-col gap-0.5 border-t border-line pt-2">
      <Link
        to="/demo"
        onClick={onGo}
        className={className}
        activeProps={{ className: activeClassName }}
      >
        <Icon name="demo" />
        <span className="grow">Newsroom</span>
        <kbd className="hidden font-mono text-tiny font-normal text-faint group-hover:inline group-focus-visible:inline">
          g n
        </kbd>
      </Link>
      {state === 'closed' && (
        <button
          type="button"
          className={`${className} text-left`}
          onClick={() => {
            onGo();
            tourMemory.open();
          }}
        >
          <Icon name="tour" />
          <span className="grow">Guided tour</span>
        </button>
      )}
    </div>
  );
}
