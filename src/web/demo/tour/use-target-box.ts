import { useEffect, useState } from 'react';
import { type Box, inBoth, isSame } from './box.ts';

/**
 * Where the element of a selector is seen inside the page, followed as the page scrolls and changes;
 * undefined while it is not there. It is scrolled into sight once, when it appears.
 */
export function useTargetBox(selector: string | null): Box | undefined {
  const [box, setBox] = useState<Box>();
  useEffect(() => {
    const content = document.getElementById('content');
    if (selector === null || !content) return undefined;
    let frame = 0;
    let known: Element | undefined;
    const look = (): void => {
      frame = 0;
      const found = elementOf(selector);
      if (found !== known) {
        if (known) sizes.unobserve(known);
        if (found) sizes.observe(found);
        if (found) bringIntoSight(found, content);
        known = found;
      }
      const next =
        found && inBoth(around(found.getBoundingClientRect()), content.getBoundingClientRect());
      setBox((was) => (isSame(was, next) ? was : next));
    };
    const later = (): void => {
      frame ||= requestAnimationFrame(look);
    };
    const sizes = new ResizeObserver(later);
    sizes.observe(content);
    const changes = new MutationObserver(later);
    changes.observe(content, { childList: true, subtree: true });
    addEventListener('scroll', later, { capture: true, passive: true });
    addEventListener('resize', later);
    later();
    return () => {
      cancelAnimationFrame(frame);
      sizes.disconnect();
      changes.disconnect();
      removeEventListener('scroll', later, { capture: true });
      removeEventListener('resize', later);
      setBox(undefined);
    };
  }, [selector]);
  return box;
}

/** The frame keeps off the words, px. */
const air = 6;
const around = ({ left, top, right, bottom }: Box): Box => ({
  left: left - air,
  top: top - air,
  right: right + air,
  bottom: bottom + air,
});

/** Scrolls only when too little of it is in sight: the page may stand where somebody wants it. */
function bringIntoSight(element: Element, content: Element): void {
  const [all, room] = [element.getBoundingClientRect(), content.getBoundingClientRect()];
  const seen = inBoth(all, room);
  const enough = Math.min(all.height, room.height * 0.6);
  if (!seen || seen.bottom - seen.top < enough) element.scrollIntoView({ block: 'nearest' });
}

/** The first element that can be seen; none for a selector that makes no sense. */
function elementOf(selector: string): Element | undefined {
  try {
    const all = [...document.querySelectorAll(selector)];
    return all.find((one) => one.getClientRects().length > 0);
  } catch {
    return undefined;
  }
}
