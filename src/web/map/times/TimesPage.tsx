import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { MapAnswer } from '../../../server/api/contract-map.ts';
import type { FlowAnswer } from '../../../server/api/contract-map-flow.ts';
import { Asking } from '../../kit/Asking.tsx';
import { Button } from '../../kit/Button.tsx';
import { Select } from '../../kit/Field.tsx';
import { EmptyState } from '../../kit/EmptyState.tsx';
import { Snippet } from '../../kit/Snippet.tsx';
import { formatTime } from '../../kit/format.ts';
import { useZone } from '../../kit/preferences.ts';
import { RangeDialog } from '../../kit/RangeDialog.tsx';
import { Segmented } from '../../kit/Segmented.tsx';
import { TimeText } from '../../kit/TimeText.tsx';
import { MapFrame } from '../MapFrame.tsx';
import { MapPending } from '../process/MapPending.tsx';
import { useMapModel } from '../store.ts';
import { flowQuery } from './api.ts';
import { isBehind } from './item-parts.ts';
import { Items } from './Items.tsx';
import { Ladder } from './Ladder.tsx';
import { Meaning, Meanings } from './Meaning.tsx';
import { PartsLegend } from './PartsBar.tsx';
import { presetOf, type TimesSearch, windows } from './search.ts';
import './times.css';
import { Totals } from './Totals.tsx';

type Stream = MapAnswer['streams'][number];

const staleAfterMs = 150_000;

/** Where work waits: the times of one value stream, from the events that marked them. */
export function TimesPage(): ReactNode {
  const search = useSearch({ from: '/inside/map/times' });
  const model = useMapModel();
  const streams = model?.streams ?? [];
  const stream = streams.find(({ id }) => id === search.stream) ?? streams[0];
  return (
    <MapFrame title="Times">
      {!model && <MapPending />}
      {model && !stream && <NoStreams />}
      {stream && <Times stream={stream} streams={streams} search={search} />}
    </MapFrame>
  );
}

function NoStreams(): ReactNode {
  return (
    <EmptyState
      title="No value stream is declared"
      actions={
        <Link to="/map/source" className="font-semibold text-accent underline">
          Declare one in map.yaml
        </Link>
      }
    >
      <p>
        Times are measured between events. A stream says what moves through it (a change, an
        incident, a case, a card) and with which events each stage begins and ends:
      </p>
      <Snippet text={example} label="A value stream in map.yaml" what="example" />
    </EmptyState>
  );
}

const example = `streams:
  delivery:
    item: change
    stages:
      - {id: review, node: review, enter: change.created, exit: change.merged}
      - {id: build,  node: builder, exit: artifact.packaged}
      - {id: release, node: shop, exit: service.deployed[env=production]}`;

function Times(props: {
  readonly stream: Stream;
  readonly streams: readonly Stream[];
  readonly search: TimesSearch;
}): ReactNode {
  const { stream, search } = props;
  const found = useQuery(flowQuery(stream.id, search));
  const answer = found.data;
  return (
    <>
      <Choice {...props} answer={answer} />
      <Asking of={found} staleAfterMs={staleAfterMs} />
      {answer && (
        <div className={found.isPlaceholderData ? 'opacity-60' : ''}>
          {answer.items.length === 0 &&
          answer.stages.every((stage) => stage.leadTime.count === 0) ? (
            <NothingMoved answer={answer} stream={stream} />
          ) : (
            <Shown answer={answer} item={stream.item} search={search} />
          )}
        </div>
      )}
      <Meanings />
    </>
  );
}

function Shown(props: {
  readonly answer: FlowAnswer;
  readonly item: string;
  readonly search: TimesSearch;
}): ReactNode {
  const { answer, item, search } = props;
  const behind = isBehind(search.behind) ? { what: search.behind, stage: search.stage } : undefined;
  return (
    <>
      <div className="px-3 py-4 sm:px-5">
        <h2 className="max-w-[75ch] text-title font-semibold">
          {answer.bottleneck?.sentence ??
            `No bottleneck can be named: no ${item} has left a stage in this window.`}
        </h2>
        <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1">
          <PartsLegend />
          <Meaning of="parts">What is measured</Meaning>
          <span className="text-small text-faint">
            <TimeText at={answer.from} /> to <TimeText at={answer.to} />
          </span>
        </div>
      </div>
      <Ladder answer={answer} item={item} />
      <Totals answer={answer} item={item} />
      <Items answer={answer} item={item} behind={behind} />
    </>
  );
}

/** Nothing was followed: says which event would have begun or ended something. */
function NothingMoved(props: { readonly answer: FlowAnswer; readonly stream: Stream }): ReactNode {
  const { answer, stream } = props;
  const last = stream.stages.at(-1);
  return (
    <EmptyState
      title={`No data: no ${stream.item} has gone through ${stream.title} in this window`}
    >
      <p>
        From <TimeText at={answer.from} /> to <TimeText at={answer.to} /> no event began the first
        stage{last && `, and none reached ${last.title}`}.
      </p>
      {answer.unlinked > 0 && (
        <p>
          {answer.unlinked} fell silent on the way: either they lie, or the events of the stages do
          not name the same {stream.item}.{' '}
          <Link to="/thread" search={{}} className="text-accent underline">
            Threads
          </Link>{' '}
          show what hangs together.
        </p>
      )}
      <p>Take a longer window, or see on the page Sources whether the events arrive.</p>
    </EmptyState>
  );
}

function Choice(props: {
  readonly stream: Stream;
  readonly streams: readonly Stream[];
  readonly search: TimesSearch;
  readonly answer: FlowAnswer | undefined;
}): ReactNode {
  const { stream, streams, search, answer } = props;
  const navigate = useNavigate({ from: '/map/times' });
  const zone = useZone();
  const [custom, setCustom] = useState(false);
  const change = (to: TimesSearch): void =>
    void navigate({
      search: { ...(stream.id !== streams[0]?.id && { stream: stream.id }), ...to },
    });
  const kept: TimesSearch =
    search.from === undefined
      ? { ...(search.last !== undefined && { last: search.last }) }
      : { from: search.from, ...(search.to !== undefined && { to: search.to }) };
  return (
    <div className="flex flex-wrap items-center gap-2 px-3 pt-3 sm:px-5 print:hidden">
      {streams.length > 1 && (
        <Select
          label="Stream"
          value={stream.id}
          options={streams.map(({ id, title }) => [id, title] as const)}
          onChange={(id) => change({ ...kept, stream: id })}
          className="[&>label]:sr-only"
        />
      )}
      <Segmented
        label="Window"
        value={presetOf(search)}
        options={windows}
        onChange={(last) => change({ last })}
      />
      <Button icon="clock" aria-pressed={search.from !== undefined} onClick={() => setCustom(true)}>
        {search.from !== undefined && answer
          ? `${formatTime(answer.from, zone).slice(0, 16)} – ${formatTime(answer.to, zone).slice(0, 16)}`
          : 'From – to'}
      </Button>
      {custom && answer && (
        <RangeDialog
          range={answer}
          onClose={() => setCustom(false)}
          onChoose={(from, to) => {
            setCustom(false);
            change({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
          }}
        />
      )}
    </div>
  );
}
