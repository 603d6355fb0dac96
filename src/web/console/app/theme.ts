import { useSyncExternalStore } from 'react';

/** As the system has it, or as this browser's person chose. */
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const listeners = new Set<() => void>();
const isTheme = (text: string | null): text is Theme => (themes as readonly (string | null)[]).includes(text);

const read = (): Theme => {
  const kept = localStorage.getItem('theme');
  return isTheme(kept) ? kept : 'system';
};

export function applyTheme(): void {
  const theme = read();
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, read);
  const choose = (next: Theme): void => {
    localStorage.setItem('theme', next);
    applyTheme();
    for (const listener of listeners) listener();
  };
  return [theme, choose];
}
