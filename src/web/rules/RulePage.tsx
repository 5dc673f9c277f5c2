import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useId } from 'react';
import { Asking } from '../kit/Asking.tsx';
import { Button } from '../kit/Button.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { formatCount, formatNumber } from '../kit/format.ts';
import { useRefusal } from '../kit/may.ts';
import { ErrorNotice, Notice } from '../kit/Notice.tsx';
import { Page } from '../kit/Page.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { AgeText } from '../kit/TimeText.tsx';
import { rulesApi, rulesQuery, sourceQuery } from './api.ts';
import type { RuleState } from '../../server/api/contract-rules.ts';
import { formatCost } from './cost.ts';
import { PlanGraph } from './PlanGraph.tsx';
import { RuleAlerts } from './RuleAlerts.tsx';
import { RuleSeries } from './RuleSeries.tsx';
import { RuleVerdicts } from './RuleVerdicts.tsx';
import { RuleStateMark } from './RuleStateMark.tsx';
import { Source } from './Source.tsx';
import { useRates } from './use-rates.ts';

const staleAfterMs = 15_000;

/** One rule: how it stands, its plan with what flows through it, its source, what came of it. */
export function RulePage(): ReactNode {
  const { name } = useParams({ from: '/inside/rules/rule/$name' });
  const found = useQuery(rulesQuery);
  const rule = found.data?.rules.find((one) => one.name === name);
  return (
    <Page
      title={name}
      above={
        <Link to="/rules" className="inline-block py-2 text-accent underline sm:py-0.5">
          All rules
        </Link>
      }
      status={
        rule && (
          <>
            <RuleStateMark state={rule.state} />
            <span>{formatNumber(rule.eventsPerSecond)} events/s</span>
          </>
        )
      }
      actions={rule && <Actions rule={rule} />}
    >
      <Scrollable label="The rule" className="min-h-0 grow overflow-y-auto border-t border-line">
        <Asking of={found} staleAfterMs={staleAfterMs} />
        {found.data && !rule && <Unknown name={name} />}
        {rule && <Body rule={rule} at={found.dataUpdatedAt} />}
      </Scrollable>
    </Page>
  );
}

function Actions({ rule }: { readonly rule: RuleState }): ReactNode {
  return (
    <Link
      to="/rules/backtest"
      search={{ file: rule.file, rule: rule.name }}
      className="inline-flex h-12 items-center rounded-normal border border-line-strong/60 bg-raised px-4 hover:bg-sunken sm:h-8 sm:px-2.5"
    >
      Backtest it
    </Link>
  );
}

function Body({ rule, at }: { readonly rule: RuleState; readonly at: number }): ReactNode {
  const rates = useRates(rule.plan.nodes, at);
  return (
    <>
      {rule.state === 'stopped' && <Stopped rule={rule} />}
      <Numbers rule={rule} />
      <div className="grid xl:grid-cols-[fit-content(62%)_minmax(0,1fr)]">
        <Part
          title="Plan"
          means="Events go in on top; on each line stands how many went along it since the start."
        >
          <PlanGraph name={rule.name} nodes={rule.plan.nodes} rates={rates} />
        </Part>
        <Part title="Source" means="The lines of this rule are marked.">
          <FileOf rule={rule} />
        </Part>
      </div>
      <div className="grid xl:grid-cols-2">
        <Part title="Alerts">
          <RuleAlerts rule={rule.name} />
        </Part>
        {rule.plan.nodes.some(({ op }) => op === 'moved') && (
          <Part
            title="Verdicts"
            means="Whether each change moved the metric. “Cannot tell” is an answer, and not “no”."
          >
            <RuleVerdicts rule={rule.name} />
          </Part>
        )}
        <Part title="What it emits" means="Readings that it puts back on the log.">
          <RuleSeries rule={rule.name} />
        </Part>
      </div>
    </>
  );
}

function Part(props: {
  readonly title: string;
  readonly means?: string;
  readonly children: ReactNode;
}): ReactNode {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="min-w-0 border-b border-line px-3 py-4 sm:px-5 xl:odd:border-r"
    >
      <h2 id={id} className="text-lead font-semibold">
        {props.title}
      </h2>
      <p className="mb-2 text-small text-faint empty:hidden">{props.means}</p>
      {props.children}
    </section>
  );
}

function Stopped({ rule }: { readonly rule: RuleState }): ReactNode {
  const queries = useQueryClient();
  const refusal = useRefusal('act');
  const start = useMutation({
    mutationFn: () => rulesApi.start(rule.name),
    onSettled: () => queries.invalidateQueries({ queryKey: ['rules'] }),
  });
  return (
    <>
      <Notice
        look="critical"
        action={
          <Button
            isBig
            because={refusal}
            aria-busy={start.isPending}
            onClick={() => start.mutate()}
          >
            {start.isPending ? 'One moment…' : 'Start it again'}
          </Button>
        }
      >
        <p>
          <strong className="font-semibold">Stopped.</strong>{' '}
          {rule.problem ?? 'No reason is known.'}
        </p>
        <p className="text-small text-soft">
          The other rules go on. Started again, it goes on with what it remembers; saving a mended
          file starts it too.
        </p>
      </Notice>
      {start.error && <ErrorNotice error={start.error} />}
    </>
  );
}

function Numbers({ rule }: { readonly rule: RuleState }): ReactNode {
  const numbers = [
    ['Decisions', formatCount(rule.decisions), 'since it was started'],
    ['Events taken', formatNumber(rule.matched), 'got past its first filter'],
    ['Cost', formatCost(rule.nsPerEvent), 'for each event given to it'],
    [
      'Keys',
      `${formatNumber(rule.keys)} of ${formatNumber(rule.maxKeys)}`,
      'label combinations kept',
    ],
    ['Late', formatCount(rule.late), 'came after their window'],
    ['Errors', formatCount(rule.failed), 'events it threw at'],
  ] as const;
  return (
    <dl className="grid grid-cols-2 gap-px border-b border-line bg-line sm:grid-cols-3 xl:grid-cols-6">
      {numbers.map(([name, value, means]) => (
        <div key={name} className="bg-page px-3 py-2 sm:px-5">
          <dt className="label">{name}</dt>
          <dd className="text-title font-semibold">{value}</dd>
          <dd className="text-small text-faint">{means}</dd>
        </div>
      ))}
      {rule.lastDecision && (
        <div className="col-span-full bg-page px-3 py-2 sm:px-5">
          <dt className="label">Last decision</dt>
          <dd className="wrap-anywhere">
            {rule.lastDecision.title}{' '}
            <span className="text-faint">
              {rule.lastDecision.kind}, <AgeText at={rule.lastDecision.at} />
            </span>
          </dd>
        </div>
      )}
    </dl>
  );
}

function FileOf({ rule }: { readonly rule: RuleState }): ReactNode {
  const found = useQuery(sourceQuery(rule.file));
  return (
    <>
      <Asking of={found} />
      {found.data !== undefined && <Source file={rule.file} text={found.data} line={rule.line} />}
    </>
  );
}

function Unknown({ name }: { readonly name: string }): ReactNode {
  return (
    <EmptyState
      title="No such rule runs"
      actions={
        <Link to="/rules" className="font-semibold text-accent underline">
          See the rules that do
        </Link>
      }
    >
      <p>
        No file in the rules directory declares <code className="font-mono">{name}</code> now. It
        may have been renamed or taken out.
      </p>
    </EmptyState>
  );
}
