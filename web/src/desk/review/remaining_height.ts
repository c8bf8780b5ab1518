// What stays beside a scrolled list is as tall as what is left of the window below it, so that all of it is seen without scrolling.
import type { Attachment } from 'svelte/attachments';

/** The height from `top`, both in pixels of the window, with `gap` kept free above and below; never less than `least`. */
export function heightBelow(top: number, windowHeight: number, gap: number, least: number): number {
  return Math.max(least, windowHeight - Math.max(top, gap) - gap);
}

const GAP_PX = 12;
const LEAST_PX = 320;

/** Keeps the element's height at what is left of the window. */
export const remainingHeight: Attachment<HTMLElement> = (element) => {
  function measure() {
    element.style.setProperty(
      '--remaining',
      `${heightBelow(element.getBoundingClientRect().top, window.innerHeight, GAP_PX, LEAST_PX)}px`,
    );
  }
  measure();
  addEventListener('scroll', measure, { passive: true });
  addEventListener('resize', measure);
  const above = new ResizeObserver(measure);
  above.observe(document.body);
  return () => {
    removeEventListener('scroll', measure);
    removeEventListener('resize', measure);
    above.disconnect();
  };
};
