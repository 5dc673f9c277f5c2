import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
  CommandEmpty,
  CommandGroup,
  CommandInput,
  CommandItem,
  CommandList,
  CommandRoot,
} from 'cmdk';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../kit/Dialog.tsx';
import { Icon, type IconName } from '../kit/Icon.tsx';
import { theme, zone } from '../kit/preferences.ts';
import { catalogueQuery } from '../kit/queries.ts';
import { openAlertsQuery } from '../alerts/api.ts';
import { checksQuery } from '../checks/api.ts';
import { useDemoCommands } from '../demo/use-demo-commands.ts';
import { rulesQuery } from '../rules/api.ts';
import { places } from './Navigation.tsx';
import { quote } from '../where/quote.ts';

const shownAtMost = 8;

/** Pages that do not stand in the navigation. */
const deeper = [
  { to: '/map/table', text: 'Map as a table', icon: 'table', keys: '' },
  { to: '/map/problems', text: 'Off the map: where it is wrong', icon: 'map', keys: '' },
  { to: '/map/times', text: 'Times of the value streams', icon: 'clock', keys: '' },
  { to: '/map/processes', text: 'Business processes', icon: 'map', keys: '' },
  { to: '/map/source', text: 'The file of the map', icon: 'map', keys: '' },
  { to: '/rules/backtest', text: 'Backtest: try rules on the past', icon: 'backtest', keys: 'g b' },
  { to: '/rules/library', text: 'Ready rules', icon: 'rules', keys: '' },
  { to: '/checks/features', text: 'Features of checks', icon: 'checks', keys: '' },
  { to: '/checks/steps', text: 'Steps of features', icon: 'checks', keys: '' },
  { to: '/checks/flakes', text: 'Flakes and quarantine', icon: 'checks', keys: '' },
  { to: '/checks/budgets', text: 'Budgets', icon: 'checks', keys: '' },
  { to: '/alerts/history', text: 'Alerts of the past', icon: 'alerts', keys: '' },
  { to: '/alerts/silences', text: 'Silences', icon: 'silence', keys: '' },
  { to: '/alerts/notifications', text: 'Notifications', icon: 'alerts', keys: '' },
  { to: '/sources/add', text: 'Add a source', icon: 'sources', keys: '' },
  { to: '/sources/intakes', text: 'Ways in', icon: 'sources', keys: '' },
] as const satisfies readonly { to: string; text: string; icon: IconName; keys: string }[];

/** Goes anywhere and does anything by typing a few letters of it. */
export function Palette(props: {
  readonly onClose: () => void;
  readonly onHelp: () => void;
}): ReactNode {
  const navigate = useNavigate();
  const { data } = useQuery(catalogueQuery);
  const { data: alerts } = useQuery(openAlertsQuery);
  const { data: rules } = useQuery({ ...rulesQuery, refetchInterval: false });
  const demo = useDemoCommands();
  const { data: checks } = useQuery({ ...checksQuery, refetchInterval: false });
  const [text, setText] = useState('');
  const sought = text.trim().toLowerCase();
  const seen = (kind: 'name' | 'service' | 'host'): string[] =>
    (data?.kinds[kind]?.entries ?? [])
      .map((e) => e.value)
      .filter((v) => v.toLowerCase().includes(sought))
      .slice(0, shownAtMost);
  /** Each text once: the palette tells its items apart by it. */
  const fitting = <T,>(of: readonly T[] | undefined, textOf: (one: T) => string): [string, T][] =>
    [...new Map((of ?? []).map((one) => [textOf(one), one]))]
      .filter(([words]) => words.toLowerCase().includes(sought))
      .slice(0, shownAtMost);
  const go = (act: () => unknown) => () => {
    props.onClose();
    act();
  };
  const item = (icon: IconName, value: string, act: () => void, keys?: string): ReactNode => (
    <CommandItem
      key={value}
      value={value}
      onSelect={act}
      className="flex h-8 cursor-pointer items-center gap-2.5 rounded-normal px-2 text-soft data-[selected=true]:bg-accent-wash data-[selected=true]:text-ink"
    >
      <Icon name={icon} />
      <span className="grow truncate">{value}</span>
      {keys && <kbd className="font-mono text-tiny text-faint">{keys}</kbd>}
    </CommandItem>
  );
  const pages = (of: typeof places | typeof deeper): ReactNode =>
    of.map(({ icon, text: name, to, keys }) =>
      item(
        icon,
        name,
        go(() => navigate({ to })),
        keys,
      ),
    );
  return (
    <Dialog title="Command palette" place="top" bare onClose={props.onClose}>
      <CommandRoot label="Command palette">
        <CommandInput
          data-focus-first
          value={text}
          onValueChange={setText}
          placeholder="Go to a page, a metric, a service…"
          className="h-12 w-full border-b border-line bg-transparent px-4 text-lead focus:outline-none"
        />
        <CommandList
          label="Commands"
          className="max-h-[55vh] overflow-y-auto p-2 [&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-small [&_[cmdk-group-heading]]:text-faint"
        >
          <CommandEmpty className="px-2 py-6 text-center text-soft">
            Nothing is called “{text}”
          </CommandEmpty>
          <CommandGroup heading="Pages">
            {pages(places)}
            {demo.map(({ icon, text: name, keys, act }) => item(icon, name, go(act), keys))}
          </CommandGroup>
          <CommandGroup heading="Alerts and rules">
            {pages(deeper)}
            {fitting(alerts?.alerts, ({ severity, title }) => `Alert, ${severity}: ${title}`).map(
              ([text, { id }]) =>
                item(
                  'alerts',
                  text,
                  go(() => navigate({ to: '/alerts/$id', params: { id } })),
                ),
            )}
            {fitting(
              checks?.checks,
              ({ name, environment }) => `Check in ${environment}: ${name}`,
            ).map(([text, { id }]) =>
              item(
                'checks',
                text,
                go(() => navigate({ to: '/checks/$id', params: { id } })),
              ),
            )}
            {fitting(rules?.rules, ({ name }) => `Rule ${name}`).map(([text, { name }]) =>
              item(
                'rules',
                text,
                go(() => navigate({ to: '/rules/rule/$name', params: { name } })),
              ),
            )}
          </CommandGroup>
          <CommandGroup heading="Metrics">
            {seen('name').map((metric) =>
              item(
                'explore',
                `Explore ${metric}`,
                go(() => navigate({ to: '/explore', search: { metric } })),
              ),
            )}
          </CommandGroup>
          <CommandGroup heading="Stream of">
            {(['service', 'host'] as const).flatMap((kind) =>
              seen(kind).map((value) =>
                item(
                  'stream',
                  `${kind} ${value}`,
                  go(() =>
                    navigate({ to: '/stream', search: { where: `${kind} = ${quote(value)}` } }),
                  ),
                ),
              ),
            )}
          </CommandGroup>
          <CommandGroup heading="This browser">
            {item(
              'light',
              'Light theme',
              go(() => theme.set('light')),
            )}
            {item(
              'dark',
              'Dark theme',
              go(() => theme.set('dark')),
            )}
            {item(
              'system',
              'Theme of the system',
              go(() => theme.set('system')),
            )}
            {item(
              'clock',
              'Times in UTC',
              go(() => zone.set('utc')),
            )}
            {item(
              'clock',
              'Times in local time',
              go(() => zone.set('local')),
            )}
            {item('help', 'Keys and filters', props.onHelp, '?')}
          </CommandGroup>
        </CommandList>
      </CommandRoot>
    </Dialog>
  );
}
