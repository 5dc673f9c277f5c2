import { Outlet, useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useAlertsLive } from '../alerts/use-alerts-live.ts';
import { TourMount } from '../demo/tour/TourMount.tsx';
import { Button } from '../kit/Button.tsx';
import { Dialog } from '../kit/Dialog.tsx';
import { Mark } from '../kit/Icon.tsx';
import { ConnectionMark } from './ConnectionMark.tsx';
import { Help } from './Help.tsx';
import { focusFilter, useHotkeys } from './hotkeys.ts';
import { Navigation } from './Navigation.tsx';

const Palette = lazy(async () => ({ default: (await import('./Palette.tsx')).Palette }));
type Open = 'palette' | 'help' | 'menu' | undefined;

/** What stands around every page: navigation, the state of the connection, palette and help. */
export function Shell(): ReactNode {
  const [open, setOpen] = useState<Open>();
  const navigate = useNavigate();
  const close = (): void => setOpen(undefined);
  useAlertsLive();
  useHotkeys({
    'ctrl+k': () => setOpen((was) => (was === 'palette' ? undefined : 'palette')),
    '/': focusFilter,
    '?': () => setOpen('help'),
    'g m': () => void navigate({ to: '/map' }),
    'g d': () => void navigate({ to: '/releases' }),
    'g s': () => void navigate({ to: '/stream' }),
    'g e': () => void navigate({ to: '/explore' }),
    'g a': () => void navigate({ to: '/alerts' }),
    'g c': () => void navigate({ to: '/checks' }),
    'g r': () => void navigate({ to: '/rules' }),
    'g b': () => void navigate({ to: '/rules/backtest' }),
    'g f': () => void navigate({ to: '/thread' }),
    'g o': () => void navigate({ to: '/sources' }),
    'g n': () => void navigate({ to: '/demo' }),
    'g t': () => void navigate({ to: '/itself' }),
  });
  const navigation = (
    <Navigation onPalette={() => setOpen('palette')} onHelp={() => setOpen('help')} onGo={close} />
  );
  return (
    <div className="grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)_auto] lg:grid-cols-[13rem_minmax(0,1fr)] lg:grid-rows-[minmax(0,1fr)_auto]">
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-20 rounded-normal bg-accent px-3 py-2 font-semibold text-on-accent focus:translate-y-0"
      >
        Skip to the page
      </a>
      <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line bg-sunken pr-2 pl-3 lg:hidden">
        <Mark />
        <span className="grow font-semibold">Territory</span>
        <ConnectionMark />
        <Button look="quiet" icon="search" iconOnly onClick={() => setOpen('palette')}>
          Command palette
        </Button>
        <Button look="quiet" icon="menu" iconOnly onClick={() => setOpen('menu')}>
          Menu
        </Button>
      </header>
      <header className="hidden min-h-0 overflow-y-auto border-r border-line bg-sunken lg:row-span-2 lg:block">
        {navigation}
      </header>
      <main id="content" tabIndex={-1} className="min-h-0 min-w-0 focus:outline-none">
        <Outlet />
      </main>
      <TourMount />
      {open === 'palette' && (
        <Suspense fallback={null}>
          <Palette onClose={close} onHelp={() => setOpen('help')} />
        </Suspense>
      )}
      {open === 'help' && <Help onClose={close} />}
      {open === 'menu' && (
        <Dialog title="Menu" place="left" bare onClose={close}>
          {navigation}
        </Dialog>
      )}
    </div>
  );
}
