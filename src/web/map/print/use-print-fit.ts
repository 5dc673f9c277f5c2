import { type RefObject, useEffect } from 'react';
import './print.css';

/** As far as sheets go: A4 across, less its margins, in px of CSS (96 to the inch). */
const sheetWidth = 1_060;
/** Smaller than that the small text of a box can't be read on A4. */
const readFrom = 0.6;

/**
 * While the page is printed, all of the drawing stands in its svg, however far somebody had zoomed
 * in; the window's own view comes back afterwards.
 */
export function usePrintFit(
  svg: RefObject<SVGSVGElement | null>,
  content: RefObject<SVGGElement | null>,
  { width, height }: { readonly width: number; readonly height: number },
): void {
  useEffect(() => {
    const media = matchMedia('print');
    const set = (isPrinting: boolean): void => {
      if (!svg.current || !content.current) return;
      if (isPrinting) {
        svg.current.setAttribute('viewBox', `-4 -4 ${width + 8} ${height + 8}`);
        svg.current.dataset['paper'] = sheetWidth / width < readFrom ? 'far' : 'near';
        // A style wins over the attribute that the camera moves it by.
        content.current.style.transform = 'none';
      } else {
        svg.current.removeAttribute('viewBox');
        delete svg.current.dataset['paper'];
        content.current.style.removeProperty('transform');
      }
    };
    const onChange = (): void => set(media.matches);
    const before = (): void => set(true);
    const after = (): void => set(false);
    media.addEventListener('change', onChange);
    addEventListener('beforeprint', before);
    addEventListener('afterprint', after);
    return () => {
      media.removeEventListener('change', onChange);
      removeEventListener('beforeprint', before);
      removeEventListener('afterprint', after);
    };
  }, [svg, content, width, height]);
}
