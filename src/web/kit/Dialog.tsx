import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from './Button.tsx';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Where it stands: in the middle, near the top (palette), or along the left edge (menu). */
  readonly place?: 'middle' | 'top' | 'left';
  /** The title is for screen readers only. */
  readonly bare?: boolean;
}

const places = {
  middle: 'm-auto w-[min(36rem,calc(100vw-1.5rem))] rounded-large',
  top: 'mx-auto mt-[12vh] mb-auto w-[min(38rem,calc(100vw-1.5rem))] rounded-large',
  left: 'm-0 mr-auto h-dvh max-h-dvh w-[min(17rem,85vw)] border-y-0 border-l-0',
} as const;

/** A modal dialog: the browser's own, so focus is held inside and Escape closes it. */
export function Dialog(props: DialogProps): ReactNode {
  const { title, onClose, children, place = 'middle', bare = false } = props;
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>('[data-focus-first]')?.focus();
    return () => dialog?.close();
  }, []);
  return (
    // The backdrop is the dialog itself; the keyboard closes it by Escape.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={ref}
      aria-label={title}
      onCancel={(e) => {
        e.preventDefault();
        onClose();
      }}
      onClick={(e) => {
        if (e.target === ref.current) onClose();
      }}
      className={`overflow-hidden border border-line bg-raised p-0 shadow-float ${places[place]}`}
    >
      <div className="flex h-full max-h-[inherit] min-h-0 flex-col">
        {!bare && (
          <header className="flex items-center justify-between border-b border-line py-2 pr-2 pl-4">
            <h2 className="text-lead font-semibold">{title}</h2>
            <Button look="quiet" icon="close" iconOnly onClick={onClose}>
              Close
            </Button>
          </header>
        )}
        {children}
      </div>
    </dialog>
  );
}
