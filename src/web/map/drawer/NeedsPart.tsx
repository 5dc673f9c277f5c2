import type { ReactNode } from 'react';
import { formatDuration } from '../../kit/format.ts';
import type { MapIndex, Need } from '../table/map-index.ts';
import { carriesHealth } from '../table/words.ts';
import { Section } from './Section.tsx';
import { ThingButton } from './ThingButton.tsx';

interface NeedsPartProps {
  readonly id: string;
  readonly index: MapIndex;
  readonly onOpen: (id: string) => void;
}

/** What it needs, who needs it, and where its work and its troubles go. */
export function NeedsPart({ id, index, onOpen }: NeedsPartProps): ReactNode {
  const out = index.needs(id);
  const into = index.neededBy(id);
  const list = (needs: readonly Need[]) => <NeedList needs={needs} index={index} onOpen={onOpen} />;
  const of = (needs: readonly Need[], kind: Need['kind']) => needs.filter((n) => n.kind === kind);
  const needs = out.filter(carriesHealth);
  const neededBy = into.filter(carriesHealth);
  const flows = [
    ['Work goes on to', of(out, 'flow')],
    ['Work comes from', of(into, 'flow')],
    ['Escalates to', of(out, 'escalation')],
    ['Takes over from', of(into, 'escalation')],
  ] as const;
  return (
    <>
      <Section title="What it needs">
        {needs.length === 0 ? <p className="text-soft">Nothing is declared.</p> : list(needs)}
      </Section>
      {(neededBy.length > 0 || !id.startsWith('process:')) && (
        <Section title="Who needs it">
          {neededBy.length === 0 ? (
            <p className="text-soft">Nobody, by the map.</p>
          ) : (
            list(neededBy)
          )}
        </Section>
      )}
      {flows
        .filter(([, found]) => found.length > 0)
        .map(([title, found]) => (
          <Section key={title} title={title}>
            {list(found)}
          </Section>
        ))}
    </>
  );
}

function NeedList(
  props: Omit<NeedsPartProps, 'id'> & { readonly needs: readonly Need[] },
): ReactNode {
  return (
    <ul className="flex flex-col gap-1">
      {props.needs.map((need) => (
        <li key={`${need.kind} ${need.ids.join(' ')}`}>
          <OneNeed {...props} need={need} />
        </li>
      ))}
    </ul>
  );
}

function OneNeed({ need, index, onOpen }: Omit<NeedsPartProps, 'id'> & { readonly need: Need }) {
  const [first] = need.ids;
  if (need.ids.length === 1 && first !== undefined)
    return (
      <span className="flex flex-wrap items-baseline gap-x-2">
        <ThingButton id={first} index={index} onOpen={onOpen} />
        <span className="text-small text-faint">{noteOf(need)}</span>
      </span>
    );
  return (
    <>
      <p className="text-soft">
        {need.need ?? 'Enough'} of these {need.ids.length}
        {need.name !== undefined && (
          <>
            {' '}
            (<span className="font-mono text-small">{need.name}</span>)
          </>
        )}
        :
      </p>
      <ul className="ml-3 flex flex-col gap-1 border-l border-line pl-3">
        {need.ids.map((id) => (
          <li key={id}>
            <ThingButton id={id} index={index} onOpen={onOpen} />
          </li>
        ))}
      </ul>
    </>
  );
}

function noteOf({ kind, after, need }: Need): string {
  if (kind === 'soft') return 'soft: without it only at risk';
  if (kind === 'member')
    return need === undefined ? 'one of a group' : `one of a group, ${need} needed`;
  return kind === 'escalation' && after !== undefined ? `after ${formatDuration(after)}` : '';
}
