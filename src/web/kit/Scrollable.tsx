import type { ReactNode, Ref, UIEventHandler } from 'react';

interface ScrollableProps {
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
  readonly ref?: Ref<HTMLElement>;
  readonly onScroll?: UIEventHandler<HTMLElement>;
}

/** A named part that scrolls by itself, so it takes the focus: the arrow keys scroll it. */
export function Scrollable({
  label,
  className,
  children,
  ref,
  onScroll,
}: ScrollableProps): ReactNode {
  return (
    <section
      ref={ref}
      aria-label={label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- WCAG 2.1.1: must scroll by keyboard
      tabIndex={0}
      onScroll={onScroll}
      // Positioned, so that what is hidden inside (`sr-only`) can't widen the page around it.
      className={`relative ${className}`}
    >
      {children}
    </section>
  );
}
