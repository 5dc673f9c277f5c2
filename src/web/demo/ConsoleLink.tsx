import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';

/** Whether an address leads to a page of this console: `//elsewhere` would leave it. */
export const isOwnPath = (path: string): boolean => /^\/(?![/\\])/.test(path);

/** Goes to a page of the console by its whole address; nowhere if it is none. */
export function useGo(): (path: string) => void {
  const router = useRouter();
  return (path) => {
    if (isOwnPath(path) && router.state.location.href !== path) router.history.push(path);
  };
}

interface ConsoleLinkProps {
  /** With its search, as the server says it. */
  readonly path: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A link to a page whose address comes from the server; plain text where it is no page of ours. */
export function ConsoleLink(props: ConsoleLinkProps): ReactNode {
  const { path, className = 'text-accent underline', children } = props;
  const go = useGo();
  if (!isOwnPath(path)) return <span>{children}</span>;
  const onClick = (e: MouseEvent): void => {
    if (e.button !== 0 || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
    e.preventDefault();
    go(path);
  };
  return (
    <a href={path} onClick={onClick} className={className}>
      {children}
    </a>
  );
}
