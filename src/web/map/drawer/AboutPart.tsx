import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { MapNodeView, MapProcessView } from '../../../server/api/contract-map.ts';
import { Ago } from '../table/Ago.tsx';
import { quadrantWords } from '../table/words.ts';
import type { MapIndex } from '../table/map-index.ts';
import { Section } from './Section.tsx';

interface AboutNodeProps {
  readonly node: MapNodeView;
  readonly index: MapIndex;
  readonly past: number | undefined;
}

/** What is declared of a node: who answers for it, and where to read on. */
export function AboutNode({ node, index, past }: AboutNodeProps): ReactNode {
  const processes = node.processes.map((id) => index.titleOf(`process:${id}`)).join(', ');
  return (
    <About description={node.description}>
      <Row name="owner">{node.owner}</Row>
      <Row name="runbook">{node.runbook && <Address of={node.runbook} />}</Row>
      <Row name="on-call">{node.rota && `no on-call part yet; the rota is named ${node.rota}`}</Row>
      <Row name="supplier">{node.supplier}</Row>
      <Row name="needed for">{processes && `${processes} (criticality ${node.criticality})`}</Row>
      <Row name="stands in">
        {[quadrantWords[node.quadrant], node.group].filter(Boolean).join(', ')}
      </Row>
      <Row name="people">{peopleOf(node)}</Row>
      <Row name="roles">{node.roles.join(', ')}</Row>
      <Row name="in work at most">{node.wip}</Row>
      {Object.entries(node.names).map(([name, value]) => (
        <Row key={name} name={name}>
          <code className="font-mono text-small">{value}</code>
        </Row>
      ))}
      <Row name="heard of last">{lastHeard(node.lastEvent, past)}</Row>
      {node.links.map(({ title, url }) => (
        <Row key={url} name="link">
          <Address of={url} text={title} />
        </Row>
      ))}
      <Row name="declared at">
        <Declared at={node.declared} />
      </Row>
    </About>
  );
}

/** What is declared of a process. */
export function AboutProcess({ process }: { readonly process: MapProcessView }): ReactNode {
  const { declared } = process;
  return (
    <About description={process.description}>
      <Row name="owner">{process.owner}</Row>
      <Row name="criticality">{process.criticality}</Row>
      <Row name="declared at">{declared && <Declared at={declared} />}</Row>
    </About>
  );
}

function About(props: { readonly description: string | undefined; readonly children: ReactNode }) {
  return (
    <Section title="About it">
      {props.description !== undefined && <p className="mb-2">{props.description}</p>}
      <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-3 gap-y-1">{props.children}</dl>
    </Section>
  );
}

/** One line; nothing where nothing is declared. */
function Row({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  if (children === undefined || children === null || children === '') return null;
  return (
    <>
      <dt className="text-faint">{name}</dt>
      <dd className="wrap-anywhere">{children}</dd>
    </>
  );
}

/** Of the past it is not recorded. */
function lastHeard(at: number | null, past: number | undefined): ReactNode {
  if (at !== null) return <Ago at={at} past={past} />;
  return past === undefined ? 'never' : undefined;
}

function peopleOf({ members, mix }: MapNodeView): string {
  const parts = Object.entries(mix).map(([role, count]) => `${count} ${role}`);
  return [members, parts.length > 0 ? `(${parts.join(', ')})` : undefined]
    .filter(Boolean)
    .join(' ');
}

/** Only addresses of the web become links: a map may say `javascript:`. */
function Address({ of, text = of }: { readonly of: string; readonly text?: string }): ReactNode {
  if (!/^https?:\/\//i.test(of)) return of;
  return (
    <a href={of} rel="noreferrer" className="text-accent underline">
      {text}
    </a>
  );
}

function Declared({ at }: { readonly at: MapNodeView['declared'] }): ReactNode {
  return (
    <Link
      to="/map/source"
      search={{ file: at.file, line: String(at.line) }}
      className="font-mono text-small text-accent underline"
    >
      {at.file}:{at.line}
    </Link>
  );
}
