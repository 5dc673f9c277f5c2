import type { ReactNode } from 'react';
import { Scrollable } from './Scrollable.tsx';

export interface Column<Row> {
  readonly head: string;
  /** What the column means, on the heading. */
  readonly means?: string;
  readonly isNumber?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

interface TableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Said when there are no rows. */
  readonly none: string;
}

/** A plain table: words to the left, numbers to the right, thin lines between rows. */
export function Table<Row>({ label, columns, rows, keyOf, none }: TableProps<Row>): ReactNode {
  if (rows.length === 0) return <p className="py-2 text-soft">{none}</p>;
  return (
    <Scrollable label={`${label}, table`} className="-mx-2 overflow-x-auto">
      <table className="w-full border-collapse" aria-label={label}>
        <thead>
          <tr>
            {columns.map((c) => (
              <th
                key={c.head}
                scope="col"
                title={c.means}
                className={`label border-b border-line px-2 py-1 font-normal whitespace-nowrap ${c.isNumber ? 'text-right' : 'text-left'}`}
              >
                {c.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className="border-b border-line/60 last:border-0">
              {columns.map((c) => (
                <td
                  key={c.head}
                  className={`px-2 py-1 ${c.isNumber ? 'text-right whitespace-nowrap' : ''}`}
                >
                  {c.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrollable>
  );
}
