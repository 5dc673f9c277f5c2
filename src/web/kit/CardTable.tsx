import type { ReactNode } from 'react';
import './card-table.css';

interface CardTableProps {
  readonly label: string;
  /** Texts of the columns; `number`: to the right. */
  readonly heads: readonly (readonly [text: string, kind: 'number' | ''])[];
  /** Rows; a cell names its column in `data-name`, for narrow screens. */
  readonly children: ReactNode;
}

/** A table whose rows are cards on a narrow page: a heading, and what it says of each, in words. */
export function CardTable({ label, heads, children }: CardTableProps): ReactNode {
  return (
    <div className="@container/cards">
      <table className="card-table w-full border-collapse" aria-label={label}>
        <thead>
          <tr>
            {heads.map(([text, kind]) => (
              <th
                key={text}
                scope="col"
                className={`label border-b border-line px-2 py-1.5 font-normal whitespace-nowrap first:pl-5 last:pr-5 ${kind === 'number' ? 'text-right' : 'text-left'}`}
              >
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
