import { type ReactNode, useMemo, useState } from 'react';
import { Button } from '../kit/Button.tsx';
import { formatCount } from '../kit/format.ts';
import './code.css';
import { type Line, colour, languageOf } from './highlight.ts';
import { type DiffLine, readUnified } from './unified.ts';

/** Lines that are drawn without being asked for more. */
const drawnAtFirst = 2_000;

const Pieces = ({ line }: { readonly line: Line }): ReactNode =>
  line.map(({ text, look }, i) =>
    look === '' ? (
      text
    ) : (
      // oxlint-disable-next-line react/no-array-index-key -- pieces of a text that does not change
      <span key={i} className={look}>
        {text}
      </span>
    ),
  );

/** A text with the numbers of its lines, in the colours of its language. */
export function CodeText(props: { readonly path: string; readonly text: string }): ReactNode {
  const { path, text } = props;
  const lines = useMemo(() => colour(text.replace(/\n$/, ''), languageOf(path)), [path, text]);
  const [shown, setShown] = useState(drawnAtFirst);
  return (
    <>
      <div className="code">
        <table aria-label={path}>
          <tbody>
            {lines.slice(0, shown).map((line, i) => (
              // oxlint-disable-next-line react/no-array-index-key -- a line is its number
              <tr key={i} id={`L${i + 1}`}>
                <td className="number">{i + 1}</td>
                <td className="text">
                  <Pieces line={line} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <More of={lines.length} shown={shown} onAll={() => setShown(Infinity)} />
    </>
  );
}

function More(props: {
  readonly of: number;
  readonly shown: number;
  readonly onAll: () => void;
}): ReactNode {
  const rest = props.of - props.shown;
  if (rest <= 0) return null;
  return (
    <p className="flex flex-wrap items-center gap-3 border-t border-line p-3 text-soft">
      {formatCount(rest)} more lines
      <Button onClick={props.onAll}>Show them</Button>
    </p>
  );
}

const signs = { same: ' ', added: '+', deleted: '−', gap: '' } as const;
const spoken = { same: '', added: 'added: ', deleted: 'deleted: ', gap: '' } as const;

/** A unified diff, with the numbers of the lines on both sides. */
export function CodeDiff(props: { readonly path: string; readonly text: string }): ReactNode {
  const { path, text } = props;
  const rows = useMemo(() => coloured(readUnified(text), path), [path, text]);
  const [shown, setShown] = useState(drawnAtFirst);
  return (
    <>
      <div className="code">
        <table aria-label={`What changes in ${path}`}>
          <tbody>
            {rows.slice(0, shown).map(({ line, pieces }, i) =>
              line.kind === 'gap' ? (
                <Gap key={`gap ${i}`} line={line} isFirst={i === 0} />
              ) : (
                <tr key={`${line.before ?? ''} ${line.after ?? ''}`} className={line.kind}>
                  <td className="number">{line.before}</td>
                  <td className="number">{line.after}</td>
                  <td className="sign" aria-hidden="true">
                    {signs[line.kind]}
                  </td>
                  <td className="text">
                    <span className="sr-only">{spoken[line.kind]}</span>
                    <Pieces line={pieces} />
                  </td>
                </tr>
              ),
            )}
          </tbody>
        </table>
      </div>
      <More of={rows.length} shown={shown} onAll={() => setShown(Infinity)} />
    </>
  );
}

function Gap(props: { readonly line: DiffLine; readonly isFirst: boolean }): ReactNode {
  const { line, isFirst } = props;
  if (isFirst && line.text === '') return null;
  return (
    <tr className="gap">
      <td className="number" colSpan={2}>
        ⋯
      </td>
      <td className="text" colSpan={2}>
        {line.text}
      </td>
    </tr>
  );
}

interface Row {
  readonly line: DiffLine;
  readonly pieces: Line;
}

/** Each side is coloured as a text of its own, so that a string that was begun ends. */
function coloured(lines: readonly DiffLine[], path: string): Row[] {
  const language = languageOf(path);
  const side = (of: 'before' | 'after'): Map<DiffLine, Line> => {
    const own = lines.filter((line) => line[of] !== undefined);
    const pieces = colour(own.map(({ text }) => text).join('\n'), language);
    return new Map(own.map((line, i) => [line, pieces[i] ?? []]));
  };
  const [before, after] = [side('before'), side('after')];
  return lines.map((line) => ({ line, pieces: after.get(line) ?? before.get(line) ?? [] }));
}
