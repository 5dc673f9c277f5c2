import type { ReactNode } from 'react';
import type { DrawingAnswer } from '../../server/api/contract-map-drawing.ts';
import { Button } from '../kit/Button.tsx';
import { Icon } from '../kit/Icon.tsx';

interface OpenGroupsProps {
  readonly drawing: DrawingAnswer;
  readonly onToggle: (group: string) => void;
  readonly onAll: (isOpen: boolean) => void;
}

const shownAtMost = 6;

/** Which groups are open, each to be closed; and all of them at once. */
export function OpenGroups({ drawing, onToggle, onAll }: OpenGroupsProps): ReactNode {
  const { expandable, expanded } = drawing;
  const canOpen = expandable.some((group) => !expanded.includes(group));
  if (expandable.length === 0 && expanded.length === 0) return null;
  return (
    <>
      {expanded.slice(0, shownAtMost).map((group) => (
        <button
          key={group}
          type="button"
          onClick={() => onToggle(group)}
          className="inline-flex h-8 items-center gap-1 rounded-full border border-line-strong/60 bg-raised pr-1.5 pl-3 text-small hover:bg-sunken"
        >
          <span className="sr-only">Close the group </span>
          {group.replace(/^group:/, '')}
          <Icon name="close" />
        </button>
      ))}
      {canOpen && <Button onClick={() => onAll(true)}>Open all groups</Button>}
      {expanded.length > 0 && <Button onClick={() => onAll(false)}>Close all groups</Button>}
    </>
  );
}
