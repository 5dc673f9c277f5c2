import { useMutation } from '@tanstack/react-query';
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import type { SignIn as Credentials } from '../../server/api/contract.ts';
import { api, ApiError } from '../kit/api.ts';
import { Button } from '../kit/Button.tsx';
import { Field } from '../kit/Field.tsx';
import { Mark } from '../kit/Icon.tsx';
import { ErrorNotice, Notice } from '../kit/Notice.tsx';
import { queries, sessionQuery } from '../kit/queries.ts';
import { setTitle } from '../kit/title.ts';

/** The one-time token of a sign-in link. It stands after the `#`, so no server log ever has it. */
function tokenOfLink(): string | undefined {
  return new URLSearchParams(location.hash.slice(1)).get('token') ?? undefined;
}

/** Signs in by name and password, or at once by a one-time link `/sign-in#token=…`. */
export function SignIn(): ReactNode {
  const [token] = useState(tokenOfLink);
  const { next } = useSearch({ from: '/sign-in' });
  const navigate = useNavigate();
  const router = useRouter();
  const signIn = useMutation({
    mutationFn: (as: Credentials) => api.signIn(as),
    onSuccess: async (session) => {
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, session);
      // Only paths of our own: `//elsewhere` would leave the console.
      if (next && /^\/(?![/\\])/.test(next)) router.history.replace(next);
      else await navigate({ to: '/map', replace: true });
    },
  });
  const byLink = signIn.mutate;
  useEffect(() => {
    setTitle('Sign in');
    if (token === undefined) return;
    history.replaceState(history.state, '', '/sign-in');
    byLink({ token });
  }, [token, byLink]);
  const failed = signIn.error;
  const wrong = failed instanceof ApiError && (failed.status === 401 || failed.status === 403);
  return (
    <main className="grid min-h-full place-items-center px-4 py-10">
      <div className="w-full max-w-[22rem]">
        <div className="mb-6 flex items-center gap-2.5">
          <Mark />
          <h1 className="text-title font-semibold tracking-tight">Sign in to Territory</h1>
        </div>
        {wrong && (
          <div className="mb-4">
            <Notice look="critical">
              {token === undefined
                ? (failed.problem?.detail ?? 'No account has this name and password.')
                : 'This sign-in link is used up or too old. Sign in below, or make a new one on the server: territory user link NAME'}
            </Notice>
          </div>
        )}
        {failed !== null && !wrong && (
          <div className="mb-4">
            <ErrorNotice error={failed} />
          </div>
        )}
        <Password busy={signIn.isPending} onSubmit={(as) => signIn.mutate(as)} />
        <p className="mt-6 border-t border-line pt-4 text-small text-faint">
          First time here? The server printed a one-time link when it started; it is also what{' '}
          <code className="font-mono">territory user</code> makes for others.
        </p>
      </div>
    </main>
  );
}

function Password(props: {
  readonly busy: boolean;
  readonly onSubmit: (as: Credentials) => void;
}): ReactNode {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(e) => {
        e.preventDefault();
        props.onSubmit({ name, password });
      }}
    >
      <Field label="Name" autoComplete="username" required value={name} onChange={setName} />
      <Field
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={setPassword}
      />
      <Button look="primary" type="submit" className="mt-1 h-9" disabled={props.busy}>
        {props.busy ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  );
}
