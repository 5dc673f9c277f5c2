import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Asking } from '../kit/Asking.tsx';
import { Button } from '../kit/Button.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { Page } from '../kit/Page.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { isUnknown, threadQuery } from './api.ts';
import { toEvent } from './EventThread.tsx';
import { Matches } from './Matches.tsx';
import { ThreadList } from './ThreadList.tsx';
import { kindInWords } from './words.ts';

/** Follows one thing: what led to it above, what came of it below. */
export function ThreadPage(): ReactNode {
  const { of = '' } = useSearch({ from: '/inside/thread' });
  return (
    <Page title="Thread">
      <SearchForm key={of} of={of} />
      <Scrollable label="Thread" className="min-h-0 grow overflow-y-auto">
        {of === '' ? <Start /> : <Answer key={of} of={of} />}
      </Scrollable>
    </Page>
  );
}

function SearchForm({ of }: { readonly of: string }): ReactNode {
  const navigate = useNavigate({ from: '/thread' });
  const [text, setText] = useState(of);
  const follow = (event: FormEvent): void => {
    event.preventDefault();
    const asked = text.trim();
    void navigate({ search: asked === '' ? {} : { of: asked } });
  };
  return (
    <form onSubmit={follow} className="flex gap-2 border-b border-line px-3 pb-3 sm:px-5">
      <input
        aria-label="What to follow"
        type="search"
        value={text}
        onChange={(e) => setText(e.target.value)}
        placeholder="A commit, a tag, shop#12, an incident, an address…"
        spellCheck={false}
        autoCapitalize="off"
        className="control min-w-0 grow font-mono"
      />
      <Button look="primary" type="submit">
        Follow
      </Button>
    </form>
  );
}

function Start(): ReactNode {
  return (
    <EmptyState title="Follow a change to where it runs, or an incident back to its change">
      <p>
        Give a commit (seven characters are enough), a tag, a pull request such as{' '}
        <code className="font-mono">shop#12</code>, the id of a deployment, an incident, a ticket or
        a case, or the address of one of them.
      </p>
    </EmptyState>
  );
}

function Answer({ of }: { readonly of: string }): ReactNode {
  const found = useQuery(threadQuery(of));
  const thread = found.data;
  if (isUnknown(found.error) && !thread)
    return (
      <EmptyState title="No fact names that">
        <p className="wrap-anywhere">{found.error?.message}</p>
        <p>
          Threads are made of facts: commits by <code>territory import git</code>, webhooks of the
          forge and of the build server, deployments and incidents as CDEvents.
        </p>
      </EmptyState>
    );
  const [match] = thread?.matches ?? [];
  return (
    <>
      <Asking of={found} />
      {thread && (
        <div data-tour="thread" className="max-w-3xl px-3 py-3 sm:px-5">
          {thread.matches.length > 1 ? (
            <Matches thread={thread} />
          ) : (
            <>
              <h2 className="mb-2 text-lead font-semibold wrap-anywhere">
                {match && `${kindInWords(match.kind)} ${match.name}`}
              </h2>
              <ThreadList thread={thread} eventLink={toEvent} />
            </>
          )}
        </div>
      )}
    </>
  );
}
