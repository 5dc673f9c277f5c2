import type { ReactNode } from 'react';
import { Link } from '@tanstack/react-router';
import type { ArtefactDiff, DiffCommit } from '../../../server/api/contract-artefacts.ts';
import { Notice } from '../../kit/Notice.tsx';
import { AgeText } from '../../kit/TimeText.tsx';
import { Section, Sign, summed } from './Section.tsx';

/** Commits that come, and those that this would take away. */
export function CommitsSection({ of }: { readonly of: ArtefactDiff }): ReactNode {
  const { level, added, removed, source, pullRequests, issues } = of.parts.commits;
  if (added === null || removed === null)
    return (
      <Section name="commits" title="Commits" level={level} isEmpty={false}>
        <Notice look="plain">
          The commits between the two are not known
          {of.commitsUnknown === null ? '' : `: ${of.commitsUnknown}`}. They are where the
          repository is on the server’s machine, or when its commits are sent as facts.
        </Notice>
      </Section>
    );
  const names = [...pullRequests.map((number) => `#${number}`), ...issues];
  const lines = source?.reduce((sum, one) => sum + (one.added ?? 0) + (one.deleted ?? 0), 0);
  return (
    <Section
      name="commits"
      title="Commits"
      level={level}
      summary={summed({ added: added.length, removed: removed.length })}
      isEmpty={added.length + removed.length === 0}
    >
      {names.length > 0 && <p className="text-soft">Names {names.join(', ')}.</p>}
      {source !== null && lines !== undefined && source.length > 0 && (
        <p className="text-soft">
          {source.length} files and {lines} lines of the source change.
        </p>
      )}
      {removed.length > 0 && (
        <>
          <h3 className="mt-2 font-semibold text-critical">
            Taken away: {of.to.version} does not have them
          </h3>
          <Commits of={removed} sign="removed" />
        </>
      )}
      <Commits of={added} sign="added" />
    </Section>
  );
}

const shownAtFirst = 30;

function Commits(props: {
  readonly of: readonly DiffCommit[];
  readonly sign: 'added' | 'removed';
}): ReactNode {
  const { of, sign } = props;
  const rest = of.slice(shownAtFirst);
  return (
    <>
      <ul className="mt-1">
        {of.slice(0, shownAtFirst).map((commit) => (
          <Commit key={commit.sha} of={commit} sign={sign} />
        ))}
      </ul>
      {rest.length > 0 && (
        <details>
          <summary className="min-h-6 cursor-pointer text-accent">{rest.length} more</summary>
          <ul>
            {rest.map((commit) => (
              <Commit key={commit.sha} of={commit} sign={sign} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Commit(props: { readonly of: DiffCommit; readonly sign: 'added' | 'removed' }): ReactNode {
  const { sha, title, author, time } = props.of;
  const at = Date.parse(time);
  return (
    <li className="flex items-baseline gap-2 py-0.5">
      <Sign of={props.sign} />
      <Link
        to="/thread"
        search={{ of: sha }}
        title={`${sha}: what led to it, and what came of it`}
        className="shrink-0 font-mono text-small text-accent underline"
      >
        {sha.slice(0, 8)}
      </Link>
      <span className="min-w-0 wrap-anywhere">
        {title === '' ? 'no title' : title}{' '}
        <span className="text-small text-soft">
          {author}
          {!Number.isNaN(at) && (
            <>
              , <AgeText at={at} />
            </>
          )}
        </span>
      </span>
    </li>
  );
}
