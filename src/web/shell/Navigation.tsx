import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { DemoPlaces } from '../demo/DemoPlaces.tsx';
import { api } from '../kit/api.ts';
import { Button } from '../kit/Button.tsx';
import { Icon, type IconName, Mark } from '../kit/Icon.tsx';
import { type Theme, theme, useTheme, useZone, zone } from '../kit/preferences.ts';
import { queries, sessionQuery } from '../kit/queries.ts';
import { ConnectionMark } from './ConnectionMark.tsx';

/** Every page, in the order of the navigation and of the palette. */
export const places = [
  { to: '/map', text: 'Map', icon: 'map', keys: 'g m' },
  { to: '/releases', text: 'Releases', icon: 'releases', keys: 'g d' },
  { to: '/stream', text: 'Stream', icon: 'stream', keys: 'g s' },
  { to: '/explore', text: 'Explore', icon: 'explore', keys: 'g e' },
  { to: '/alerts', text: 'Alerts', icon: 'alerts', keys: 'g a' },
  { to: '/checks', text: 'Checks', icon: 'checks', keys: 'g c' },
  { to: '/rules', text: 'Rules', icon: 'rules', keys: 'g r' },
  { to: '/thread', text: 'Threads', icon: 'link', keys: 'g f' },
  { to: '/sources', text: 'Sources', icon: 'sources', keys: 'g o' },
  { to: '/itself', text: 'Territory itself', icon: 'itself', keys: 'g t' },
] as const satisfies readonly { to: string; text: string; icon: IconName; keys: string }[];

/** Beginnings of addresses that belong to a place beside its own. */
const also = (to: string): readonly string[] =>
  ({ '/releases': ['/deploys', '/artefacts'], '/checks': ['/redirects'] })[to] ?? [];

const link =
  'group flex h-8 items-center gap-2 rounded-normal px-2 text-soft hover:bg-line/60 hover:text-ink';
const isHere = 'bg-accent-wash! text-ink! font-semibold';

const nextTheme: Readonly<Record<Theme, Theme>> = {
  system: 'light',
  light: 'dark',
  dark: 'system',
};

interface NavigationProps {
  readonly onPalette: () => void;
  readonly onHelp: () => void;
  readonly onGo: () => void;
}

/** The left rail. On narrow screens the same stands in the menu. */
export function Navigation({ onPalette, onHelp, onGo }: NavigationProps): ReactNode {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return (
    <div className="flex h-full flex-col px-2 py-3">
      <div className="mb-3 flex items-center gap-2 px-2">
        <Mark />
        <span className="text-lead font-semibold tracking-tight">Territory</span>
      </div>
      <button
        type="button"
        onClick={onPalette}
        className="mb-3 flex h-8 items-center gap-2 rounded-normal border border-line-strong/60 bg-panel px-2 text-faint hover:text-ink"
      >
        <Icon name="search" />
        <span className="grow text-left">Go to…</span>
        <kbd className="font-mono text-tiny">Ctrl K</kbd>
      </button>
      <nav aria-label="Pages" className="flex flex-col gap-0.5">
        {places.map((place) => (
          <Link
            key={place.to}
            to={place.to}
            onClick={onGo}
            className={link}
            activeProps={{ className: isHere }}
            {...(also(place.to).some((one) => path.startsWith(one)) && {
              className: `${link} ${isHere}`,
            })}
          >
            <Icon name={place.icon} />
            <span className="grow">{place.text}</span>
            <kbd className="hidden font-mono text-tiny font-normal text-faint group-hover:inline group-focus-visible:inline">
              {place.keys}
            </kbd>
          </Link>
        ))}
        <DemoPlaces onGo={onGo} className={link} activeClassName={isHere} />
      </nav>
      <div className="grow" />
      <div className="px-2 pb-2">
        <ConnectionMark />
      </div>
      <Person onHelp={onHelp} />
    </div>
  );
}

function Person({ onHelp }: { readonly onHelp: () => void }): ReactNode {
  const { data: session } = useQuery(sessionQuery);
  const chosen = useTheme();
  const inZone = useZone();
  const navigate = useNavigate();
  const leave = useMutation({
    mutationFn: api.signOut,
    onSuccess: async () => {
      queries.clear();
      await navigate({ to: '/sign-in', search: {} });
    },
  });
  return (
    <div className="border-t border-line pt-2">
      <p className="flex items-baseline justify-between gap-2 px-2 pb-1">
        <span className="truncate font-semibold">{session?.name}</span>
        <span className="text-small text-faint">{session?.role}</span>
      </p>
      <div className="flex items-center justify-between">
        <Button
          look="quiet"
          icon={chosen}
          iconOnly
          onClick={() => theme.set(nextTheme[chosen])}
        >{`Theme: ${chosen}`}</Button>
        <Button
          look="quiet"
          className="px-2! text-small!"
          aria-label={`Times in ${inZone === 'utc' ? 'UTC' : 'local time'}`}
          onClick={() => zone.set(inZone === 'utc' ? 'local' : 'utc')}
        >
          {inZone === 'utc' ? 'UTC' : 'Local'}
        </Button>
        <Button look="quiet" icon="help" iconOnly onClick={onHelp}>
          Keys and filters
        </Button>
        <Button look="quiet" icon="out" iconOnly onClick={() => leave.mutate()}>
          Sign out
        </Button>
      </div>
    </div>
  );
}
