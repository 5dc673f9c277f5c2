import { definedErrors } from '../../errors/coded-error.ts';
import { escape, page } from './html.ts';

/** The codes that problem documents point at: /docs/errors#TERR_… */
export function errorsPage(): string {
  const codes = [...definedErrors].toSorted(([a], [b]) => a.localeCompare(b));
  const rows = codes.map(
    ([code, { status, title }]) =>
      `<tr id="${escape(code)}"><th scope="row"><code>${escape(code)}</code></th>` +
      `<td>${status}</td><td>${escape(title)}</td></tr>`,
  );
  const intro = `<p>Every error that a caller can act on has a stable code. The <code>detail</code> of
the answer says what was wrong there and what to do; <code>docs/errors.md</code> in the source has a
paragraph on each.</p>`;
  const head =
    '<thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">Meaning</th></tr></thead>';
  return page('Errors', `${intro}<table>${head}<tbody>${rows.join('\n')}</tbody></table>`);
}
