import { Link, Outlet } from '@tanstack/react-router';
import { useCallback, useRef, useState } from 'react';
import { useLive } from '../data/changes.js';
import { OpenDecision } from '../decisions/decide.js';
import { ConnectionBanner, LiveMark } from './live-mark.js';
import { KeyboardHelp, useKeyboard } from './keyboard.js';
import { Mark } from './mark.js';
import { NavLinks } from './nav.js';
import { PartsBanner } from './parts-banner.js';
import { SearchBox } from './search-box.js';
import { Outcomes } from './outcomes.js';
import { useArrival } from './use-arrival.js';
import { SessionMenu } from './session.js';
import { ThemeSwitch } from './theme-switch.js';

/** What surrounds every page of somebody who has signed in. */
export function Shell() {
  const search = useRef<HTMLInputElement>(null);
  const page = useRef<HTMLElement>(null);
  const [isHelpOpen, setHelpOpen] = useState(false);
  useKeyboard({
    search: useCallback(() => {
      search.current?.focus();
      search.current?.select();
    }, []),
    help: useCallback(() => setHelpOpen(true), []),
  });
  useArrival(page);
  useLive();
  return (
    <div className="mx-auto max-w-[86rem] px-3 pb-16 sm:px-5">
      <a
        href="#page"
        className="sr-only focus:not-sr-only focus:absolute focus:top-1 focus:left-1 focus:z-40 focus:rounded-sm focus:bg-accent focus:px-3 focus:py-1 focus:text-on-accent"
      >
        To the page
      </a>
      <header className="flex flex-wrap items-center gap-x-5 gap-y-2 py-2.5">
        <Link to="/" className="flex items-center gap-2 text-base font-semibold">
          <Mark />
          Pre-orders
        </Link>
        <div className="ml-auto flex items-center gap-2 lg:order-3 lg:ml-0">
          <LiveMark />
          <ThemeSwitch />
          <SessionMenu />
        </div>
        <nav aria-label="Pages" className="w-full lg:order-1 lg:w-auto">
          <NavLinks />
        </nav>
        <div className="w-full lg:order-2 lg:ml-auto lg:w-64">
          <SearchBox input={search} />
        </div>
      </header>
      <ConnectionBanner />
      <PartsBanner />
      <main ref={page} id="page" tabIndex={-1} className="pt-3 outline-none">
        <Outlet />
      </main>
      <footer className="mt-10 flex flex-wrap gap-x-4 text-muted">
        <button type="button" className="underline" onClick={() => setHelpOpen(true)}>
          Keys
        </button>
        <a className="underline" href="/docs">
          API
        </a>
        <span>Times in {Intl.DateTimeFormat().resolvedOptions().timeZone}</span>
      </footer>
      <OpenDecision />
      <Outcomes />
      {isHelpOpen && <KeyboardHelp onClose={() => setHelpOpen(false)} />}
    </div>
  );
}
