/** An order's way: paid today, delivered later. */
export const Mark = () => (
  <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden className="shrink-0 text-accent">
    <circle cx="5" cy="12" r="3.2" fill="currentColor" />
    <path d="M8 12h8" stroke="currentColor" strokeWidth="2" strokeDasharray="2.4 2.2" />
    <circle cx="19" cy="12" r="3.2" fill="none" stroke="currentColor" strokeWidth="2" />
  </svg>
);
