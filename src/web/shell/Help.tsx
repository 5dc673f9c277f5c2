import { Fragment, type ReactNode } from 'react';
import { Dialog } from '../kit/Dialog.tsx';
import { keyHelp } from './hotkeys.ts';

/** The keys, and how a filter is written. */
export function Help({ onClose }: { readonly onClose: () => void }): ReactNode {
  return (
    <Dialog title="Keys and filters" onClose={onClose}>
      <div className="overflow-y-auto px-4 py-4">
        <dl className="grid grid-cols-[7.5rem_1fr] gap-x-4 gap-y-2">
          {keyHelp.map(([keys, does]) => (
            <Fragment key={keys}>
              <dt>
                <kbd className="rounded-small border border-line bg-sunken px-1.5 py-0.5 font-mono text-small whitespace-pre">
                  {keys}
                </kbd>
              </dt>
              <dd className="text-soft">{does}</dd>
            </Fragment>
          ))}
        </dl>
        <h3 className="mt-6 mb-2 font-semibold">Filters</h3>
        <dl className="grid gap-x-4 gap-y-2 sm:grid-cols-[minmax(0,1.2fr)_1fr]">
          {whereHelp.map(([example, means]) => (
            <Fragment key={example}>
              <dt className="font-mono text-small">{example}</dt>
              <dd className="text-soft">{means}</dd>
            </Fragment>
          ))}
        </dl>
      </div>
    </Dialog>
  );
}

const whereHelp = [
  ['service = "shop" and host =~ "web%"', 'Equal to; like, where % stands for anything'],
  ['metric > 0.9 or state = "critical"', 'Numbers compare as numbers'],
  ['name ~= "^disk[.]"', 'Regular expression'],
  ['label.code = "500"', 'An attribute of the event'],
  ['not tagged "canary"', 'Tags; not, and, or, parentheses'],
  ['subject', 'The field is there'],
] as const;
