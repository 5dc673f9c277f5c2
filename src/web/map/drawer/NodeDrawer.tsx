import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import type { NodeDetail } from '../../../server/api/contract-map-detail.ts';
import { Asking } from '../../kit/Asking.tsx';
import { Drawer } from '../../kit/Drawer.tsx';
import { isUnknown } from '../../thread/api.ts';
import { useMapNow } from '../store.ts';
import { HealthMark } from '../table/HealthMark.tsx';
import { indexOf, type MapIndex, type Thing } from '../table/map-index.ts';
import { quadrantWords } from '../table/words.ts';
import { AboutNode, AboutProcess } from './AboutPart.tsx';
import { detailQuery } from './api.ts';
import { HappenedPart } from './HappenedPart.tsx';
import { HealthPart } from './HealthPart.tsx';
import { MetricCharts } from './MetricCharts.tsx';
import { NeedsPart } from './NeedsPart.tsx';
import { SliPart } from './SliPart.tsx';
import { WhatIf } from './WhatIf.tsx';

interface NodeDrawerProps {
  /** Of a node, or `process:<id>`. */
  readonly id: string;
  readonly onClose: () => void;
  /** Another node or process was chosen in it. */
  readonly onOpen: (id: string) => void;
}

/** Everything about one node or process: how it is and why, what it needs, what happened to it. */
export function NodeDrawer({ id, onClose, onOpen }: NodeDrawerProps): ReactNode {
  const map = useMapNow();
  const index = useMemo(() => indexOf(map ?? nothing), [map]);
  const thing = index.thing(id);
  return (
    <Drawer
      key={id}
      title={thing?.title ?? (map ? 'Not on the map' : id)}
      onClose={onClose}
      subtitle={thing && <Subtitle thing={thing} />}
    >
      {thing && (
        <Parts
          thing={thing}
          index={index}
          past={map?.live ? undefined : map?.time}
          onOpen={onOpen}
        />
      )}
      {map && !thing && <Unknown id={id} />}
      {!map && (
        <output className="block p-4 text-soft">
          <span className="breathe">The map is on its way…</span>
        </output>
      )}
    </Drawer>
  );
}

const nothing = { nodes: [], processes: [], edges: [] };

const Unknown = ({ id }: { readonly id: string }): ReactNode => (
  <p className="px-4 py-3 text-soft">
    Nothing on the map is called <code className="font-mono wrap-anywhere">{id}</code>. It may have
    been renamed or taken away; the versions beside the map’s text say when.
  </p>
);

function Subtitle({ thing }: { readonly thing: Thing }): ReactNode {
  const { node, health } = thing;
  return (
    <p className="flex flex-wrap items-baseline gap-x-2 text-small text-soft">
      <HealthMark state={health.shown} />
      <span aria-hidden="true">·</span>
      {node ? `${node.kind}, ${quadrantWords[node.quadrant]}` : 'business process'}
    </p>
  );
}

interface PartsProps {
  readonly thing: Thing;
  readonly index: MapIndex;
  readonly past: number | undefined;
  readonly onOpen: (id: string) => void;
}

function Parts({ thing, index, past, onOpen }: PartsProps): ReactNode {
  const { id, health, node, process } = thing;
  const found = useQuery(detailQuery(id, past));
  const detail = found.data;
  return (
    <>
      {past !== undefined && (
        <p className="border-b border-line bg-sunken px-4 py-2 text-soft">
          As it was then. Open alerts and what would happen if it went down are of now only.
        </p>
      )}
      <HealthPart {...{ health, index, past, onOpen }} />
      {process && <SliPart process={process} past={past} />}
      {node && <AboutNode node={node} index={index} past={past} />}
      {node && <MetricCharts node={node} deploys={detail?.deploys ?? []} past={past} />}
      <NeedsPart id={id} index={index} onOpen={onOpen} />
      {node && past === undefined && <WhatIf id={id} index={index} onOpen={onOpen} />}
      <Detail of={found} />
      {detail && <HappenedPart {...{ detail, index, past, onOpen }} />}
      {process && <AboutProcess process={process} />}
    </>
  );
}

/** How the question for the rest stands. */
function Detail({ of }: { readonly of: UseQueryResult<NodeDetail> }): ReactNode {
  if (!isUnknown(of.error)) return <Asking of={of} />;
  return (
    <p className="px-4 py-3 text-soft">
      The map of today does not have it, so nothing of what happened to it can be asked for.
    </p>
  );
}
