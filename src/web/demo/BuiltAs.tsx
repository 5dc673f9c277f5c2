import type { ReactNode } from 'react';
import type { Architecture } from '../../server/api/contract-demo.ts';

/** Outlines of processes, queues and what goes between; a thick outline is one that can be killed. */
const drawings: Readonly<Record<Architecture['name'], ReactNode>> = {
  'one-program': (
    <>
      <rect x="1" y="1" width="158" height="38" rx="3" strokeWidth="2" />
      <path d="M62 20a18 9 0 1 1 6 6.6M62 14.500v6.500h6.500" />
    </>
  ),
  threads: (
    <>
      <rect x="1" y="1" width="158" height="38" rx="3" strokeWidth="2" />
      <path d="M10 20h22m4 0l-5-3v6z" />
      <path d="M44 11h5v18h-5zM49 11h5v18h-5zM54 11h5v18h-5z" strokeDasharray="2 2" />
      <path d="M64 20h8M72 20l8-9h32l8 9M72 20h48M72 20l8 9h32l8-9M120 20h22m4 0l-5-3v6z" />
    </>
  ),
  processes: (
    <>
      <rect x="1" y="8" width="30" height="24" rx="3" strokeWidth="2" />
      <path d="M31 20h9m4 0l-5-3v6z" />
      <path d="M48 11h6v18h-6zM54 11h6v18h-6zM60 11h6v18h-6z" strokeWidth="1.6" />
      <path d="M66 20h6l6-9h6M72 20l6 9h6" />
      <rect x="84" y="1" width="30" height="17" rx="3" strokeWidth="2" />
      <rect x="84" y="22" width="30" height="17" rx="3" strokeWidth="2" />
      <path d="M114 10h6l5 10M114 30h6l5-10" />
      <rect x="127" y="8" width="32" height="24" rx="3" strokeWidth="2" />
    </>
  ),
};

/** How an architecture is built, as a drawing; the words beside it say the same. */
export function BuiltAs({ name }: { readonly name: Architecture['name'] }): ReactNode {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 160 40"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.2"
      strokeLinejoin="round"
      strokeLinecap="round"
      className="h-10 w-40 max-w-full text-line-strong"
    >
      {drawings[name]}
    </svg>
  );
}
