import type { CSSProperties, ReactNode } from 'react';
import './spotlight.css';
import { useTargetBox } from './use-target-box.ts';

/** Frames what a step points at, as the corner marks of a map sheet; lies over the page and takes no click. */
export function Spotlight({ selector }: { readonly selector: string | null }): ReactNode {
  const box = useTargetBox(selector);
  if (!box) return null;
  const style: CSSProperties = {
    left: box.left,
    top: box.top,
    width: box.right - box.left,
    height: box.bottom - box.top,
  };
  return <div aria-hidden="true" data-spotlight className="spotlight" style={style} />;
}
