import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Notice } from '../kit/Notice.tsx';
import { AgeText } from '../kit/TimeText.tsx';
import type { RuleFile } from '../../server/api/contract-rules.ts';

/** The files that were not taken: where, what, and that nothing stopped because of it. */
export function FileProblems({ files }: { readonly files: readonly RuleFile[] }): ReactNode {
  const rejected = files.filter((file) => file.state === 'rejected');
  return (
    <ul aria-label="Files that were rejected" className="empty:hidden">
      {rejected.map(({ file, error, at }) => (
        <li key={file}>
          <Notice
            look="critical"
            action={
              <Link
                to="/rules/backtest"
                search={{ file }}
                className="py-1 font-semibold text-accent underline"
              >
                Open it
              </Link>
            }
          >
            <p>
              <strong className="font-mono font-semibold">
                {error ? `${error.file}:${error.line}:${error.column}` : file}
              </strong>{' '}
              {error?.message ?? 'was rejected without a reason'}
            </p>
            <p className="text-small text-soft">
              Rejected <AgeText at={at} />. The rules of this file that ran before go on as they
              were.
            </p>
          </Notice>
        </li>
      ))}
    </ul>
  );
}
