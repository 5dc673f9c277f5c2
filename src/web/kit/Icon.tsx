import type { ReactNode } from 'react';

const strokes = {
  map: 'M2.5 2.5h4.5v4.5h-4.5zM9 9h4.5v4.5H9zM7 4.8h4.2V9M4.8 7v4.2H9',
  releases: 'M2.5 5L8 2.3 13.5 5 8 7.7zM2.5 8L8 10.7 13.5 8M2.5 11L8 13.7 13.5 11',
  stream: 'M2.5 4h11M2.5 8h7.5M2.5 12h9.5',
  explore: 'M2.5 13.5v-11M2.5 13.5h11M5 10.5l2.5-3.5 2.5 2 3.5-5',
  alerts: 'M8 2a4 4 0 0 0-4 4v3l-1.5 2.5h11L12 9V6a4 4 0 0 0-4-4ZM6.5 13.7a1.7 1.7 0 0 0 3 0',
  rules: 'M3 2.5h4v3H3zM9 10.5h4v3H9zM3 10.5h4v3H3zM5 5.5v5M7 4h4v6.5',
  checks: 'M2.5 4l1.3 1.3L6.2 3M8.5 4.2h5M2.5 11l1.3 1.3L6.2 10M8.5 11.2h5',
  backtest: 'M3 8a5 5 0 1 0 1.6-3.7M3 2.5v3h3M8 5.3V8l1.8 1.3',
  silence: 'M12 9V6a4 4 0 0 0-6.4-3.2M4 6v3l-1.5 2.5h8.6M6.5 13.7a1.7 1.7 0 0 0 3 0M2.5 2l11 12',
  sources: 'M2.5 3.5h4l3 4.5h4M2.5 12.5h4l3-4.5M2.5 8h7M11.5 6l2 2-2 2',
  itself: 'M1.5 8.5h3l1.5-4.5 3 8.5 1.8-6 .9 2h2.8',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.3 10.3l3.2 3.2',
  close: 'M4 4l8 8M12 4l-8 8',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3.2v9.6l7.5-4.8z',
  copy: 'M6 5.5h7.5v8H6zM10 5.5v-3H2.5v8H6',
  check: 'M3 8.5l3.2 3.2L13 4.8',
  out: 'M9.5 2.5h-6v11h6M7 8h6.5M11 5.3L13.7 8 11 10.7',
  help: 'M8 14a6 6 0 1 0 0-12 6 6 0 0 0 0 12ZM6.2 6.4a1.9 1.9 0 1 1 2.7 1.7c-.6.3-.9.7-.9 1.3M8 11.3v.1',
  light:
    'M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6ZM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9',
  dark: 'M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3Z',
  system: 'M2 3h12v8H2zM6 13.5h4',
  clock: 'M8 14a6 6 0 1 0 0-12 6 6 0 0 0 0 12ZM8 4.8V8l2.2 1.6',
  zoomOut: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.3 10.3l3.2 3.2M5 7h4',
  earlier: 'M10 3.5L5.5 8l4.5 4.5',
  later: 'M6 3.5L10.5 8 6 12.5',
  download: 'M8 2.5v7.5M4.8 7L8 10.2 11.2 7M2.5 13.5h11',
  table: 'M2.5 3h11v10h-11zM2.5 6.5h11M2.5 9.8h11M6.5 3v10',
  eye: 'M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8ZM8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Z',
  hidden: 'M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8ZM2.5 13.5l11-11',
  lock: 'M3.8 7.2h8.4v6.3H3.8zM5.5 7.2V5a2.5 2.5 0 0 1 5 0v2.2',
  demo: 'M2.5 3.5h11v9h-11zM6.7 6v4L10 8z',
  tour: 'M4 14V2.3M4 3h8.5l-2.2 2.7 2.2 2.7H4',
  link: 'M6.5 9.5l3-3M7 4.5l1.5-1.5a3 3 0 0 1 4.5 4.5L11.5 9M9 11.5L7.5 13A3 3 0 0 1 3 8.5L4.5 7',
} as const;
export type IconName = keyof typeof strokes;

/** A line drawing of 16 by 16, in the colour of the text beside it. Says nothing by itself. */
export function Icon({ name }: { readonly name: IconName }): ReactNode {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 16 16"
      className="size-4 shrink-0"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={strokes[name]} />
    </svg>
  );
}

/** The mark of the product: contour lines. */
export function Mark(): ReactNode {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      className="size-5 shrink-0 text-accent"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
    >
      <path d="M3 17.5c3-5 5-2 8-4.5s3-8 10-7.5" />
      <path d="M3 21.5c4-3.5 6.5-1 10-3.5s3.5-7 8-7.5" />
      <path d="M3 13c2-3.5 4-3 6-5s1.5-4.5 4-5.5" />
    </svg>
  );
}
