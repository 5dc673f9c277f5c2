import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { CardTable } from '../kit/CardTable.tsx';
import { formatCount, formatNumber } from '../kit/format.ts';
import { AgeText } from '../kit/TimeText.tsx';
import { formatCost } from './cost.ts';
import type { RuleState } from '../../server/api/contract-rules.ts';
import { RuleStateMark } from './RuleStateMark.tsx';

const heads = [
  ['Rule', ''],
  ['State', ''],
  ['Last decision', ''],
  ['Decisions', 'number'],
  ['Events/s', 'number'],
  ['Cost', 'number'],
  ['Keys', 'number'],
  ['Late', 'number'],
  ['Errors', 'number'],
] as const;

/** Stopped and failing rules first: they are what somebody must look at. */
const urgency = (rule: RuleState): number =>
  (rule.state === 'stopped' ? 2 : 0) + (rule.failed > 0 ? 1 : 0);

/** Every rule on one line; on narrow screens each is a few lines of words. */
export function RuleTable({ rules }: { readonly rules: readonly RuleState[] }): ReactNode {
  const sorted = rules.toSorted((a, b) => urgency(b) - urgency(a) || a.name.localeCompare(b.name));
  return (
    <CardTable label="Rules" heads={heads}>
      {sorted.map((rule) => (
        <Row key={rule.name} rule={rule} />
      ))}
    </CardTable>
  );
}

function Row({ rule }: { readonly rule: RuleState }): ReactNode {
  const full = rule.keys / Math.max(1, rule.maxKeys);
  return (
    <tr className="border-b border-line/60 hover:bg-sunken">
      <th scope="row" className="text-left font-normal">
        <Link
          to="/rules/rule/$name"
          params={{ name: rule.name }}
          className="inline-block py-1 font-semibold sm:py-0 wrap-anywhere underline decoration-line-strong decoration-1 underline-offset-3 hover:decoration-2"
        >
          {rule.name}
        </Link>
        <span className="block text-small wrap-anywhere text-faint">
          {rule.file}:{rule.line}
        </span>
      </th>
      <td data-name="State">
        <RuleStateMark state={rule.state} />
        {rule.problem !== undefined && (
          <span className="block max-w-64 text-small wrap-anywhere text-critical">
            {rule.problem}
          </span>
        )}
      </td>
      <td data-name="Last decision" className="wide">
        {rule.lastDecision ? (
          <>
            <span className="line-clamp-2 max-w-80 wrap-anywhere">{rule.lastDecision.title}</span>
            <span className="text-small text-faint">
              {rule.lastDecision.kind}, <AgeText at={rule.lastDecision.at} />
            </span>
          </>
        ) : (
          <span className="text-faint">none yet</span>
        )}
      </td>
      <td data-name="Decisions" className="number">
        {formatCount(rule.decisions)}
      </td>
      <td data-name="Events/s" className="number">
        {formatNumber(rule.eventsPerSecond)}
      </td>
      <td data-name="Cost" className="number">
        {formatCost(rule.nsPerEvent)}
      </td>
      <td data-name="Keys" className={`number ${full >= 0.8 ? 'font-semibold text-warning' : ''}`}>
        {formatNumber(rule.keys)}
        <span className="font-normal text-faint"> of {formatNumber(rule.maxKeys)}</span>
      </td>
      <td data-name="Late" className="number">
        {formatCount(rule.late)}
      </td>
      <td
        data-name="Errors"
        className={`number ${rule.failed > 0 ? 'font-semibold text-critical' : ''}`}
      >
        {formatCount(rule.failed)}
      </td>
    </tr>
  );
}
