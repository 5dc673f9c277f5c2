import { useMemo, useState, type ReactNode } from 'react';
import { Link } from '@tanstack/react-router';
import { EmptyState } from '../../kit/EmptyState.tsx';
import { Snippet } from '../../kit/Snippet.tsx';
import { Segmented } from '../../kit/Segmented.tsx';
import { MapFrame } from '../MapFrame.tsx';
import { useMapNow } from '../store.ts';
import { indexOf } from '../table/map-index.ts';
import { countedStates } from '../table/words.ts';
import { MapPending } from './MapPending.tsx';
import { Process } from './Process.tsx';
import { type Window, windows } from './window.ts';
import '../times/times.css';

/** The key business processes: how each is, why, and how it got there. */
export function ProcessesPage(): ReactNode {
  const map = useMapNow();
  const [window, setWindow] = useState<Window>(windows[0]);
  const { nodes, edges, processes } = map ?? nothing;
  const index = useMemo(() => indexOf({ nodes, edges, processes }), [nodes, edges, processes]);
  const sorted = processes.toSorted((a, b) => a.criticality - b.criticality);
  return (
    <MapFrame
      title="Processes"
      status={map && countedStates(processes.map(({ health }) => health.shown))}
      actions={
        processes.length > 0 && (
          <span className="print:hidden">
            <Segmented
              label="Window of time"
              value={window.name}
              options={windows.map(({ name, text }) => [name, text] as const)}
              onChange={(name) => setWindow(windows.find((one) => one.name === name) ?? windows[0])}
            />
          </span>
        )
      }
    >
      {!map && <MapPending />}
      {map && processes.length === 0 && <NoProcesses />}
      {sorted.map((process) => (
        <Process key={process.id} process={process} index={index} nodes={nodes} window={window} />
      ))}
    </MapFrame>
  );
}

const nothing = { nodes: [], edges: [], processes: [] };

function NoProcesses(): ReactNode {
  return (
    <EmptyState
      title="No business process is declared"
      actions={
        <Link to="/map/source" className="font-semibold text-accent underline">
          Declare one in map.yaml
        </Link>
      }
    >
      <p>
        A process is what the business lives of: buying, signing up, being answered. Say what it
        needs and by what it is measured, and the map says how it is, and because of what:
      </p>
      <Snippet text={example} label="A process in map.yaml" what="example" />
    </EmptyState>
  );
}

const example = `processes:
  checkout:
    criticality: 1
    needs: [lb, shop, payments]
    observed: {sli: "rate(order.placed)", ok: "> 0.5 of same hour last week"}`;
