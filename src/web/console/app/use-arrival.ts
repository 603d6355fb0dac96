import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef, type RefObject } from 'react';

/** Another page begins at its beginning, for keys and for who listens; the first one begins where browsers do. */
export function useArrival(page: RefObject<HTMLElement | null>): void {
  const path = useLocation({ select: ({ pathname }) => pathname });
  const last = useRef(path);
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    page.current?.focus({ preventScroll: true });
  }, [page, path]);
}
