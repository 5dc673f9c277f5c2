import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { FeatureFinding } from '../../server/api/contract-checks.ts';
import { Notice } from '../kit/Notice.tsx';

/** So many of a file are named; the editor has all. */
const namedAtMost = 3;

/** The features that are not run as they are: where, what, and that what ran before goes on. */
export function FeatureFindings({ of }: { readonly of: readonly FeatureFinding[] }): ReactNode {
  const files = [...new Set(of.map(({ file }) => file))].map(
    (file) => [file, of.filter((finding) => finding.file === file)] as const,
  );
  return (
    <ul aria-label="Features with faults" className="empty:hidden">
      {files.map(([file, findings]) => (
        <li key={file}>
          <Notice
            look="critical"
            action={
              <Link
                to="/checks/feature"
                search={{ file }}
                className="py-1 font-semibold text-accent underline"
              >
                Open it
              </Link>
            }
          >
            {findings.slice(0, namedAtMost).map(({ line, column, message }) => (
              <p key={`${line} ${column} ${message}`}>
                <strong className="font-mono font-semibold">
                  {file}:{line}:{column}
                </strong>{' '}
                {message}
              </p>
            ))}
            <p className="text-small text-soft">
              {findings.length > namedAtMost && `${findings.length - namedAtMost} more. `}
              What ran of this file before goes on as it was.
            </p>
          </Notice>
        </li>
      ))}
    </ul>
  );
}
