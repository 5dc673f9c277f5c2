import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** The way back up from a page about an application's releases. */
export function Above(props: { readonly app: string; readonly isDeep?: boolean }): ReactNode {
  const { app, isDeep = false } = props;
  const look = 'text-accent underline wrap-anywhere';
  return (
    <nav aria-label="Way back" className="flex flex-wrap gap-x-1.5">
      <Link to="/releases" className={look}>
        Releases
      </Link>
      <span aria-hidden="true">›</span>
      <Link to="/releases/$app" params={{ app }} className={look}>
        {app}
      </Link>
      {isDeep && (
        <>
          <span aria-hidden="true">›</span>
          <Link to="/releases/$app/artefacts" params={{ app }} className={look}>
            Versions
          </Link>
        </>
      )}
    </nav>
  );
}
