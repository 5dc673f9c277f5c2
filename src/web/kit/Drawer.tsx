import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from './Button.tsx';
import { Scrollable } from './Scrollable.tsx';

interface DrawerProps {
  readonly title: string;
  readonly subtitle?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * A panel along the right edge that leaves the page usable: what flows on the left keeps flowing.
 * Takes the focus when it opens; Escape inside it closes it.
 */
export function Drawer({ title, subtitle, onClose, children }: DrawerProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    // Escape works from anywhere inside; every control in it is reachable by itself.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <aside
      aria-label={title}
      onKeyDown={(e) => {
        if (e.key !== 'Escape') return;
        e.stopPropagation();
        onClose();
      }}
      className="fixed top-0 right-0 bottom-[var(--tour,0px)] z-20 flex w-full flex-col border-l border-line bg-panel shadow-float sm:w-[26rem] xl:static xl:w-[27rem] xl:shrink-0 xl:shadow-none"
    >
      <header className="flex items-start justify-between gap-2 border-b border-line py-2.5 pr-2 pl-4">
        <div className="min-w-0">
          <h2
            ref={heading}
            tabIndex={-1}
            className="text-lead font-semibold wrap-anywhere focus:outline-none"
          >
            {title}
          </h2>
          {subtitle}
        </div>
        <Button look="quiet" icon="close" iconOnly onClick={onClose}>
          Close
        </Button>
      </header>
      <Scrollable label="Details" className="min-h-0 grow overflow-y-auto">
        {children}
      </Scrollable>
    </aside>
  );
}
