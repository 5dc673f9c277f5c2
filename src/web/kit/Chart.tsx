import { type KeyboardEvent, type ReactNode, useEffect, useEffectEvent, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type ChartLine, type ChartLook, chartOptions } from './chart-options.ts';
import { useThemeInForce } from './preferences.ts';

/** Where the plot stands inside the chart, px. */
export interface Plot {
  readonly left: number;
  readonly width: number;
}

interface ChartProps extends ChartLook {
  readonly label: string;
  /** ms since the epoch, ascending */
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly range: { readonly from: number; readonly to: number };
  /** The vertical axis reaches at least up to it, so that charts can be compared. */
  readonly most?: number;
  /** Vertical lines at these times, ms. */
  readonly rules: readonly number[];
  /** The key of the line to bring out; the others step back. */
  readonly focus: string | undefined;
  /** Somebody dragged over a part of it. */
  readonly onZoom: (from: number, to: number) => void;
  /** The bucket under the pointer or the keyboard's cursor. */
  readonly onCursor: (index: number | undefined) => void;
  readonly onPlot: (plot: Plot) => void;
}

/** Lines over time. Arrows move a cursor through the buckets; dragging zooms. */
export function Chart(props: ChartProps): ReactNode {
  const { label, times, lines, range, rules, focus, zone, binary } = props;
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const inForce = useThemeInForce();
  const data = [times, ...lines.map((l) => l.values)] as unknown as uPlot.AlignedData;

  const onSelect = useEffectEvent((u: uPlot) => {
    const { left, width } = u.select;
    if (width < 4) return;
    props.onZoom(u.posToVal(left, 'x'), u.posToVal(left + width, 'x'));
    u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  });
  const onCursor = useEffectEvent((u: uPlot) => props.onCursor(u.cursor.idx ?? undefined));
  const onReady = useEffectEvent((u: uPlot) =>
    props.onPlot({ left: u.bbox.left / uPlot.pxRatio, width: u.bbox.width / uPlot.pxRatio }),
  );
  const xRange = useEffectEvent((): uPlot.Range.MinMax => [range.from, range.to]);
  const yRange = useEffectEvent((min: number | null, max: number | null) =>
    fromZero(min, max === null ? max : Math.max(max, props.most ?? max)),
  );
  const drawRules = useEffectEvent((u: uPlot) => {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.strokeStyle = getComputedStyle(u.root).getPropertyValue('--line-strong');
    ctx.lineWidth = uPlot.pxRatio;
    ctx.setLineDash([2 * uPlot.pxRatio, 3 * uPlot.pxRatio]);
    for (const time of rules) {
      const x = Math.round(u.valToPos(time, 'x', true));
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  });
  const make = useEffectEvent((into: HTMLElement): uPlot => {
    const u = new uPlot(
      {
        ...chartOptions(into, lines, props),
        width: into.clientWidth,
        height: into.clientHeight,
        scales: {
          x: { time: true, range: () => xRange() },
          y: { range: (_u, min, max) => yRange(min, max) },
        },
        cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 7 } },
        hooks: {
          setSelect: [onSelect],
          setCursor: [onCursor],
          drawClear: [drawRules],
          draw: [onReady],
        },
      },
      data,
      into,
    );
    return u;
  });

  // A chart is made anew when what it is made of changes; new values only are handed in.
  const makeOf = JSON.stringify([
    lines.map((l) => [l.key, l.shown, l.colour]),
    inForce,
    zone,
    binary,
  ]);
  useEffect(() => {
    const into = host.current;
    if (!into) return undefined;
    const u = make(into);
    chart.current = u;
    const sizes = new ResizeObserver(() =>
      u.setSize({ width: into.clientWidth, height: into.clientHeight }),
    );
    sizes.observe(into);
    return () => {
      sizes.disconnect();
      u.destroy();
      chart.current = undefined;
    };
  }, [makeOf]);
  const ruled = rules.join();
  const refresh = useEffectEvent(() => chart.current?.setData(data));
  useEffect(() => refresh(), [times, lines, ruled, range.from, range.to]);
  const focusOn = useEffectEvent((key: string | undefined) => {
    const at = lines.findIndex((line) => line.key === key);
    chart.current?.setSeries(at < 0 ? null : at + 1, { focus: at >= 0 });
  });
  useEffect(() => focusOn(focus), [focus]);

  const onKeyDown = (e: KeyboardEvent): void => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
    const u = chart.current;
    if (move === undefined || !u || times.length === 0) return;
    e.preventDefault();
    const was = u.cursor.idx ?? (move > 0 ? -1 : times.length);
    const next = Math.min(times.length - 1, Math.max(0, was + move * (e.shiftKey ? 10 : 1)));
    u.setCursor({
      left: u.valToPos(times[next] ?? 0, 'x'),
      top: u.bbox.height / uPlot.pxRatio / 2,
    });
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrows read it out
    <figure
      ref={host}
      aria-label={label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it takes the arrow keys
      tabIndex={0}
      onKeyDown={onKeyDown}
      className="h-full min-h-0 w-full overflow-hidden"
    />
  );
}

/** Zero is in sight unless that would press the lines flat against the top. */
const fromZero = (min: number | null, max: number | null): uPlot.Range.MinMax => {
  if (min === null || max === null) return [0, 1];
  const soft = { pad: 0.1, soft: 0, mode: 1 as const };
  return uPlot.rangeNum(min, max, { min: soft, max: soft });
};
