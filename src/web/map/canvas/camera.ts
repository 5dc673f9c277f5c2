import { select } from 'd3-selection';
import { zoom, type ZoomBehavior, zoomIdentity, type ZoomTransform, zoomTransform } from 'd3-zoom';

/** A part of the drawing, px of the drawing. */
export interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What the view is kept for; the part stays in sight. */
interface Kept {
  readonly part: Part | undefined;
}

/** How much can be read: the glyph and a short title; the title and the word; the because too. */
export type Detail = 'far' | 'mid' | 'near';

const midFrom = 0.55;
const nearFrom = 0.9;
const closest = 3;
/** All of it is never shown larger than that. */
const fitAtMost = 1.25;
const margin = 12;
const flightMs = 320;

export const detailOf = (scale: number): Detail =>
  scale < midFrom ? 'far' : scale < nearFrom ? 'mid' : 'near';

/**
 * What part of the drawing the window shows. It moves a group of the picture by an attribute and
 * tells the level of detail by another one, so that nothing is drawn anew while it moves.
 */
export class Camera {
  readonly #svg: SVGSVGElement;
  readonly #zoom: ZoomBehavior<SVGSVGElement, unknown>;
  #size = { width: 1, height: 1 };
  #kept: Kept | undefined;
  #flight = 0;

  constructor(svg: SVGSVGElement, content: SVGGElement) {
    this.#svg = svg;
    this.#setFitted(true);
    this.#zoom = zoom<SVGSVGElement, unknown>()
      .clickDistance(5)
      .filter((event: MouseEvent | TouchEvent) => this.#isTaken(event))
      .on(
        'zoom',
        ({ transform, sourceEvent }: { transform: ZoomTransform; sourceEvent: unknown }) => {
          if (sourceEvent) {
            cancelAnimationFrame(this.#flight);
            this.#setFitted(false);
          }
          content.setAttribute('transform', transform.toString());
          svg.setAttribute('data-detail', detailOf(transform.k));
        },
      );
    select(svg).call(this.#zoom).on('dblclick.zoom', null);
  }

  /** How large the drawing is; a picture that shows all of it goes on to do so. */
  draw(size: { readonly width: number; readonly height: number }): void {
    this.#size = size;
    this.resize();
  }

  /** The window has another size. */
  resize(): void {
    const { width, height } = this.#window();
    const least = this.#fitting().k;
    this.#zoom
      .extent([
        [0, 0],
        [width, height],
      ])
      .scaleExtent([Math.min(least, 1) * 0.7, closest])
      .translateExtent([
        [-width, -height],
        [this.#size.width + width, this.#size.height + height],
      ]);
    if (this.#kept?.part) this.#reveal(this.#kept.part);
    else if (this.#kept) return;
    else if (this.#isFitted) this.#go(this.#fitting(), false);
  }

  /** Keeps the view as it is while something opens beside it; undefined: no more. */
  keep(kept: Kept | undefined): void {
    const was = this.#kept;
    this.#kept = kept;
    if (kept?.part) this.#reveal(kept.part);
    else if (!kept && was && this.#isFitted) this.#go(this.#fitting(), true);
  }

  /** Shows all of it. */
  fit(): void {
    this.#setFitted(true);
    this.#go(this.#fitting(), true);
  }

  /** Larger or smaller, around the middle. */
  zoomBy(factor: number): void {
    this.#setFitted(false);
    const { width, height } = this.#window();
    const now = zoomTransform(this.#svg);
    const [least, most] = this.#zoom.scaleExtent();
    const k = Math.min(most, Math.max(least, now.k * factor));
    const [x, y] = now.invert([width / 2, height / 2]);
    this.#go(around(x, y, k, { width, height }), true);
  }

  /** px of the window. */
  panBy(x: number, y: number): void {
    this.#setFitted(false);
    const now = zoomTransform(this.#svg);
    this.#go(zoomIdentity.translate(now.x + x, now.y + y).scale(now.k), true);
  }

  /** Brings a part to the middle, so large that it can be read. */
  flyTo(part: Part): void {
    this.#setFitted(false);
    const k = Math.max(zoomTransform(this.#svg).k, nearFrom);
    this.#go(around(part.x + part.width / 2, part.y + part.height / 2, k, this.#window()), true);
  }

  /** Moves as little as is needed to have a part in the window. */
  reveal(part: Part): void {
    if (this.#reveal(part)) this.#setFitted(false);
  }

  #reveal(part: Part): boolean {
    const { width, height } = this.#window();
    const now = zoomTransform(this.#svg);
    const left = now.applyX(part.x);
    const top = now.applyY(part.y);
    const x = inside(left, part.width * now.k, width);
    const y = inside(top, part.height * now.k, height);
    if (x === 0 && y === 0) return false;
    this.#go(zoomIdentity.translate(now.x + x, now.y + y).scale(now.k), true);
    return true;
  }

  /** Keeps a part where it is in the window while the drawing around it becomes another. */
  hold(before: Part, after: Part): void {
    if (this.#isFitted) return;
    const { k } = zoomTransform(this.#svg);
    const now = zoomTransform(this.#svg);
    this.#go(
      zoomIdentity
        .translate(now.x + (before.x - after.x) * k, now.y + (before.y - after.y) * k)
        .scale(k),
      false,
    );
  }

  close(): void {
    cancelAnimationFrame(this.#flight);
    select(this.#svg).on('.zoom', null);
  }

  /** All of it is shown. The picture says so, for its styles: a finger then scrolls the page. */
  get #isFitted(): boolean {
    return this.#svg.hasAttribute('data-fitted');
  }

  #setFitted(isFitted: boolean): void {
    this.#svg.toggleAttribute('data-fitted', isFitted);
  }

  #window(): { width: number; height: number } {
    const { clientWidth, clientHeight } = this.#svg;
    return { width: Math.max(1, clientWidth), height: Math.max(1, clientHeight) };
  }

  #fitting(): ZoomTransform {
    const { width, height } = this.#window();
    const k = Math.min(
      fitAtMost,
      (width - 2 * margin) / this.#size.width,
      (height - 2 * margin) / this.#size.height,
    );
    const scale = Math.max(k, 0.02);
    return zoomIdentity.translate((width - this.#size.width * scale) / 2, margin).scale(scale);
  }

  /** One finger scrolls the page as long as all of the map is in sight; wheels and buttons are the map's. */
  #isTaken(event: MouseEvent | TouchEvent): boolean {
    if ('touches' in event) return event.touches.length > 1 || !this.#isFitted;
    return !('button' in event) || event.button === 0 || event.type === 'wheel';
  }

  #go(to: ZoomTransform, isFlight: boolean): void {
    cancelAnimationFrame(this.#flight);
    const move = (transform: ZoomTransform): void =>
      this.#zoom.transform(select(this.#svg), transform);
    if (!isFlight || matchMedia('(prefers-reduced-motion: reduce)').matches) return move(to);
    const from = zoomTransform(this.#svg);
    const begin = performance.now();
    const step = (now: number): void => {
      const part = Math.min(1, Math.max(0, (now - begin) / flightMs));
      move(between(from, to, 1 - (1 - part) ** 3));
      if (part < 1) this.#flight = requestAnimationFrame(step);
    };
    this.#flight = requestAnimationFrame(step);
  }
}

function around(
  x: number,
  y: number,
  k: number,
  size: { width: number; height: number },
): ZoomTransform {
  return zoomIdentity.translate(size.width / 2 - x * k, size.height / 2 - y * k).scale(k);
}

function between(from: ZoomTransform, to: ZoomTransform, part: number): ZoomTransform {
  const mix = (a: number, b: number): number => a + (b - a) * part;
  return zoomIdentity.translate(mix(from.x, to.x), mix(from.y, to.y)).scale(mix(from.k, to.k));
}

/** By how much to move so that a stretch lies in the window with some air around it. */
function inside(start: number, length: number, window: number): number {
  if (start >= 4 && start + length <= window - 4) return 0;
  const air = Math.min(40, Math.max(0, (window - length) / 2));
  if (start < air) return air - start;
  if (start + length > window - air) return window - air - start - length;
  return 0;
}
