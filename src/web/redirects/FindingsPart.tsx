import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RedirectFinding, RedirectMap } from '../../server/api/contract-redirects.ts';
import { Select } from '../kit/Field.tsx';
import { counted, formatCount } from '../kit/format.ts';
import { Part } from '../kit/Part.tsx';
import { StateMark } from '../kit/StateMark.tsx';
import { type Column, Table } from '../kit/Table.tsx';
import { ruleWords } from './words.ts';

interface FindingsPartProps {
  readonly of: RedirectMap;
  readonly byRule: Readonly<Record<string, number>>;
  readonly findings: readonly RedirectFinding[];
}

/** What is wrong with the map as it is written. */
export function FindingsPart({ of, byRule, findings }: FindingsPartProps): ReactNode {
  const { rule = '' } = useSearch({ from: '/inside/redirects/$name' });
  const navigate = useNavigate({ from: '/redirects/$name' });
  const { errors, warnings } = of.findings;
  const rules = [...new Set(findings.map((one) => one.rule))];
  const shown = findings.filter((one) => rule === '' || one.rule === rule);
  const options = [
    ['', 'everything'] as const,
    ...rules.map((one) => [one, `${ruleWords[one]} (${formatCount(byRule[one] ?? 0)})`] as const),
  ];
  return (
    <Part title="What is wrong as it is written">
      <p className="mb-2 text-soft">
        {counted(errors, 'error')}, {counted(warnings, 'warning')}
        {errors + warnings > findings.length &&
          `; ${formatCount(findings.length)} stand here, some of each kind`}
      </p>
      {rules.length > 1 && (
        <Select
          label="Show"
          className="mb-2 max-w-64"
          value={rule}
          options={options}
          onChange={(chosen) =>
            void navigate({
              search: (before) => ({ ...before, rule: chosen === '' ? undefined : chosen }),
              replace: true,
            })
          }
        />
      )}
      <div className="max-h-112 overflow-y-auto">
        <Table
          label="Findings"
          columns={columns}
          rows={shown}
          keyOf={({ line, column, rule: of_ }) => `${line}:${column}:${of_}`}
          none="Nothing was found."
        />
      </div>
    </Part>
  );
}

const columns: readonly Column<RedirectFinding>[] = [
  {
    head: 'Place',
    means: 'Line and column in the CSV',
    isNumber: true,
    cell: ({ line, column }) => `${line}:${column}`,
  },
  {
    head: 'What',
    cell: ({ severity, rule }) => (
      <StateMark state={severity === 'error' ? 'critical' : 'warning'} word={ruleWords[rule]} />
    ),
  },
  { head: 'Why', cell: ({ message }) => <span className="wrap-anywhere">{message}</span> },
];
