import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { libraryQuery, rulesQuery } from './api.ts';
import type { BacktestChange, BacktestSearch } from './backtest-search.ts';

interface RulesChoiceProps {
  readonly search: BacktestSearch;
  readonly onChange: (change: BacktestChange) => void;
}

/** Which rules: those that run, a file, a ready rule, or a text of one's own. */
export function RulesChoice({ search, onChange }: RulesChoiceProps): ReactNode {
  const id = useId();
  const files = useQuery(rulesQuery).data?.files ?? [];
  const ready = useQuery(libraryQuery).data?.ready ?? [];
  const value = valueOf(search);
  const nothing = { file: undefined, ready: undefined, text: undefined, rule: undefined };
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="label">
        Rules
      </label>
      <select
        id={id}
        className="control w-full min-w-0 sm:w-72"
        value={value}
        onChange={(e) => {
          const [kind = '', ...rest] = e.target.value.split(' ');
          onChange({ ...nothing, ...(kind === '' ? {} : { [kind]: rest.join(' ') }) });
        }}
      >
        <option value="">all that run now (a replay)</option>
        <option value="text new">a text of my own</option>
        {files.length > 0 && (
          <optgroup label="Files of the rules directory">
            {files.map(({ file, state }) => (
              <option key={file} value={`file ${file}`}>
                {file}
                {state === 'rejected' ? ' (rejected)' : ''}
              </option>
            ))}
          </optgroup>
        )}
        {ready.length > 0 && (
          <optgroup label="Ready rules">
            {ready.map(({ id: one }) => (
              <option key={one} value={`ready ${one}`}>
                {one}
              </option>
            ))}
          </optgroup>
        )}
      </select>
    </div>
  );
}

function valueOf({ text, file, ready }: BacktestSearch): string {
  if (text !== undefined) return 'text new';
  if (file !== undefined) return `file ${file}`;
  return ready === undefined ? '' : `ready ${ready}`;
}
