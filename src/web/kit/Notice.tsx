import type { ReactNode } from 'react';
import { ApiError } from './api.ts';

const looks = {
  warning: ['border-warning bg-warning-wash', 'text-warning', 'M6 1.5l5 9H1z'],
  critical: ['border-critical bg-critical-wash', 'text-critical', 'M1.7 1.7h8.6v8.6H1.7z'],
  plain: ['border-accent bg-accent-wash', 'text-accent', 'M6 .8L11.2 6 6 11.2.8 6z'],
} as const;

interface NoticeProps {
  readonly look: keyof typeof looks;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

/** One line that says something is not as it should be, with what to do about it. */
export function Notice({ look, children, action }: NoticeProps): ReactNode {
  const [frame, colour, shape] = looks[look];
  return (
    <div
      role={look === 'critical' ? 'alert' : 'status'}
      className={`flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 border-l-[3px] px-3 py-1.5 ${frame}`}
    >
      <svg
        aria-hidden="true"
        viewBox="0 0 12 12"
        fill="currentColor"
        className={`size-3 shrink-0 ${colour}`}
      >
        <path d={shape} />
      </svg>
      <div className="min-w-0 grow basis-48 wrap-anywhere">{children}</div>
      {action}
    </div>
  );
}

/** An error as a notice: its title, what was wrong, and the code that the documentation explains. */
export function ErrorNotice(props: {
  readonly error: unknown;
  readonly action?: ReactNode;
}): ReactNode {
  const { error, action } = props;
  const problem = error instanceof ApiError ? error.problem : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return (
    <Notice look="critical" action={action}>
      {problem && <strong className="font-semibold">{problem.title}. </strong>}
      {message === problem?.title ? null : message}
      {problem && (
        <a
          href={`/docs/errors#${problem.code}`}
          className="ml-2 font-mono text-small text-soft underline"
        >
          {problem.code}
        </a>
      )}
    </Notice>
  );
}
