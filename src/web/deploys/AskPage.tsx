import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { NewDeploy, Plan } from '../../server/api/contract-deploys.ts';
import { ApiError } from '../kit/api.ts';
import { Asking } from '../kit/Asking.tsx';
import { Button } from '../kit/Button.tsx';
import { Field } from '../kit/Field.tsx';
import { counted, formatDuration } from '../kit/format.ts';
import { useRefusal } from '../kit/may.ts';
import { ErrorNotice, Notice } from '../kit/Notice.tsx';
import { Page } from '../kit/Page.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { TimeText } from '../kit/TimeText.tsx';
import { askFor, planQuery } from './api.ts';
import { ProofLine } from './DecideBar.tsx';
import { GateList } from './GateList.tsx';

/** Asks for a deploy, and shows before that what it would go through and how far one could go back. */
export function AskPage(): ReactNode {
  const search = useSearch({ from: '/inside/deploys/ask' });
  const { app = '', version = '', to = '' } = search;
  const navigate = useNavigate({ from: '/deploys/ask' });
  const set = (more: Readonly<Record<string, string>>): void =>
    void navigate({ search: (was) => ({ ...was, ...more }), replace: true });
  const asked: NewDeploy = { app, version, environment: to };
  const found = useQuery(planQuery(asked));
  return (
    <Page
      title="Ask for a deploy"
      above={
        <Link to="/deploys" className="text-accent underline">
          Deploys
        </Link>
      }
    >
      <Scrollable label="Ask for a deploy" className="min-h-0 grow overflow-y-auto">
        <div className="grid gap-3 px-3 pb-4 sm:grid-cols-3 sm:px-5">
          <Field label="Application" value={app} onChange={(text) => set({ app: text })} />
          <Field label="Version" value={version} onChange={(text) => set({ version: text })} />
          <Field label="Environment" value={to} onChange={(text) => set({ to: text })} />
        </div>
        {app === '' || version === '' || to === '' ? (
          <p className="px-3 text-soft sm:px-5">Name what is to go where.</p>
        ) : (
          <>
            <Asking of={found} />
            {found.data && <Planned plan={found.data} asked={asked} />}
          </>
        )}
      </Scrollable>
    </Page>
  );
}

const mayWords = {
  now: ['plain', 'It would begin at once.'],
  later: ['warning', 'It would wait.'],
  refused: ['critical', 'It would be refused.'],
} as const;

function Planned({ plan, asked }: { readonly plan: Plan; readonly asked: NewDeploy }): ReactNode {
  const [look, words] = mayWords[plan.may];
  return (
    <>
      <Notice look={look}>
        <strong className="font-semibold">{words}</strong>
        {plan.may === 'later' && plan.position !== null && ` Number ${plan.position} in its lane.`}
        {plan.may === 'later' && plan.eta !== null && (
          <>
            {' '}
            Begins about <TimeText at={plan.eta} />.
          </>
        )}
        {plan.expected !== null && ` Takes about ${formatDuration(plan.expected)}.`}
      </Notice>
      <div className="grid gap-x-8 gap-y-6 px-3 py-4 sm:px-5 lg:grid-cols-2">
        <section>
          <h2 className="mb-1.5 font-semibold">What it goes through</h2>
          <GateList of={plan.gates} label="Gates" />
        </section>
        <section className="flex min-w-0 flex-col gap-4">
          <Changes plan={plan} />
          <Submit plan={plan} asked={asked} />
        </section>
      </div>
    </>
  );
}

function Changes({ plan }: { readonly plan: Plan }): ReactNode {
  const { previous, level, commits, migrations, missing, reversible, proof, rollbackTo } = plan;
  return (
    <div className="flex flex-col gap-1.5 wrap-anywhere">
      <h2 className="font-semibold">What changes</h2>
      <p>
        {previous === null
          ? 'Nothing is known to run there.'
          : `It takes the place of ${previous}.`}{' '}
        {level !== null && `The difference is ${level}.`}
        {plan.strategy !== null && ` Brought in ${plan.strategy}.`}
      </p>
      <p>
        {commits
          ? `${counted(commits.added, 'commit')} more than there${commits.authors.length > 0 ? ` (${commits.authors.join(', ')})` : ''}.`
          : 'Which commits go out is not known here.'}
      </p>
      {commits !== null && commits.removed > 0 && (
        <Notice look="critical">
          <strong className="font-semibold">This takes {commits.removed} commits away</strong> that
          run there now.
        </Notice>
      )}
      {missing.length > 0 && (
        <Notice look="critical">No value there for {missing.join(', ')}.</Notice>
      )}
      {migrations.map(({ db, id, phase, down }) => (
        <p key={`${db} ${id}`}>
          Migration {id} of {db}: {phase}
          {!down && <span className="text-warning"> and no way back is written</span>}
        </p>
      ))}
      {reversible && !reversible.value && (
        <p className="text-warning">It cannot be taken back: {reversible.why.join('; ')}.</p>
      )}
      <p>
        {rollbackTo === null
          ? 'No version was verified good there, to which one could go back.'
          : `One would go back to ${rollbackTo}.`}
      </p>
      <ProofLine proof={proof} />
    </div>
  );
}

function Submit({ plan, asked }: { readonly plan: Plan; readonly asked: NewDeploy }): ReactNode {
  const [reason, setReason] = useState('');
  const [wait, setWait] = useState(false);
  const [glass, setGlass] = useState('');
  const [breaks, setBreaks] = useState(false);
  const refusal = useRefusal('act');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const doing = useMutation({
    mutationFn: () =>
      askFor({
        ...asked,
        ...(reason !== '' && { reason }),
        ...(wait && { wait }),
        ...(breaks && { breakGlass: glass }),
      }),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['deploys'] });
      await navigate({ to: '/deploys/$id', params: { id } });
    },
  });
  const isRefused = plan.may === 'refused';
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(e) => {
        e.preventDefault();
        doing.mutate();
      }}
    >
      <Field label="Why (may be left out)" value={reason} maxLength={500} onChange={setReason} />
      {isRefused && (
        <>
          <Check
            label="Wait for windows, freezes, locks and post-its"
            is={wait}
            onChange={setWait}
          />
          <Check label="Break the glass: go through the gates" is={breaks} onChange={setBreaks} />
          {breaks && (
            <Field
              label="Why the glass is broken"
              hint="For gatekeepers. It is recorded, and shown loudly."
              value={glass}
              minLength={10}
              maxLength={500}
              required
              onChange={setGlass}
            />
          )}
        </>
      )}
      {doing.error && <ErrorNotice error={doing.error} />}
      <RefusedDeploy error={doing.error} />
      <div>
        <Button
          look="primary"
          type="submit"
          because={refusal ?? (doing.isPending ? 'It is on its way' : undefined)}
        >
          Deploy {plan.version} to {plan.environment}
        </Button>
      </div>
    </form>
  );
}

function Check(props: {
  readonly label: string;
  readonly is: boolean;
  readonly onChange: (is: boolean) => void;
}): ReactNode {
  return (
    <label className="flex min-h-8 items-center gap-2">
      <input
        type="checkbox"
        checked={props.is}
        onChange={(e) => props.onChange(e.target.checked)}
        className="size-4"
      />
      {props.label}
    </label>
  );
}

/** A refusal is recorded under an id, which has a page too. */
function RefusedDeploy({ error }: { readonly error: unknown }): ReactNode {
  const problem = error instanceof ApiError ? error.problem : undefined;
  const id = problem && 'deploy' in problem ? problem.deploy : undefined;
  if (typeof id !== 'string') return null;
  return (
    <Link to="/deploys/$id" params={{ id }} className="text-accent underline">
      The refusal, as it is recorded
    </Link>
  );
}
