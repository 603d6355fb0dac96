import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { Dialog } from '../ui/dialog.js';

/** Keys without a modifier, while nobody types. `g` is followed by the page's letter. */
export const goKeys = {
  n: ['/', 'Needs me'],
  o: ['/orders', 'Orders'],
  p: ['/products', 'Products'],
  b: ['/books', 'Books'],
  m: ['/mail', 'Mail'],
  s: ['/sandbox', 'Sandbox'],
} as const;

const AFTER_G_MS = 1_500;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;

export function useKeyboard({ search, help }: { search: () => void; help: () => void }): void {
  const navigate = useNavigate();
  const gAt = useRef(-Infinity);
  useEffect(() => {
    const heard = (event: KeyboardEvent): void => {
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector('[role=dialog]')) return;
      const { key } = event;
      const isAfterG = event.timeStamp - gAt.current < AFTER_G_MS;
      gAt.current = key === 'g' ? event.timeStamp : -Infinity;
      if (isAfterG && key in goKeys) void navigate({ to: goKeys[key as keyof typeof goKeys][0] });
      else if (key === '/') search();
      else if (key === '?') help();
      else if (key === 'j') moveRow(1);
      else if (key === 'k') moveRow(-1);
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', heard);
    document.addEventListener('keydown', holdOff);
    return () => {
      document.removeEventListener('keydown', heard);
      document.removeEventListener('keydown', holdOff);
    };
  }, [navigate, search, help]);
}

/** A key that is held presses once: else it would open a dialog and say yes to it in one go. */
function holdOff(event: KeyboardEvent): void {
  if (event.repeat && event.key === 'Enter' && !(event.target instanceof HTMLTextAreaElement))
    event.preventDefault();
}

/** From one row's link to the next; Enter then opens it, as any link. */
function moveRow(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step;
  rows[Math.min(Math.max(next, 0), rows.length - 1)]?.focus();
}

const Key = ({ children }: { children: string }) => (
  <kbd className="rounded-sm border border-edge bg-sunken px-1.5 font-mono text-sm">{children}</kbd>
);

export function KeyboardHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-2">
        <dt>
          <Key>/</Key>
        </dt>
        <dd>Search</dd>
        {Object.entries(goKeys).map(([key, [, name]]) => (
          <div key={key} className="contents">
            <dt>
              <Key>g</Key> <Key>{key}</Key>
            </dt>
            <dd>{name}</dd>
          </div>
        ))}
        <dt>
          <Key>j</Key> <Key>k</Key>
        </dt>
        <dd>Next row, previous row; Enter opens it</dd>
        <dt>
          <Key>?</Key>
        </dt>
        <dd>These keys</dd>
        <dt>
          <Key>Esc</Key>
        </dt>
        <dd>Close what is open</dd>
      </dl>
    </Dialog>
  );
}
