/** A page that nobody has looked at for so long lets go of its connection, ms. */
const unseenMs = 30_000;

interface Sight {
  readonly onUnseen: () => void;
  readonly onSeen: () => void;
}

/**
 * Tells when the page has not been looked at for a while, and when it is again; undo with what it
 * returns. Browsers open six connections to a server that speaks HTTP/1.1, for all tabs together:
 * tabs that nobody looks at would take them all.
 */
export function watchSight({ onUnseen, onSeen }: Sight): () => void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    clearTimeout(waiting);
    if (document.hidden) waiting = setTimeout(onUnseen, unseenMs);
    else onSeen();
  };
  document.addEventListener('visibilitychange', look);
  return () => {
    clearTimeout(waiting);
    document.removeEventListener('visibilitychange', look);
  };
}
