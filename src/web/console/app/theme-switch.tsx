import { Button } from '../ui/button.js';
import { themes, useTheme } from './theme.js';

const shapes = {
  system: 'M4 5h16v10H4z M9 19h6 M12 15v4',
  light:
    'M12 8a4 4 0 1 0 0 8a4 4 0 1 0 0-8 M12 3v1.5 M12 19.5V21 M3 12h1.5 M19.5 12H21 M5.6 5.6l1.1 1.1 M17.3 17.3l1.1 1.1 M5.6 18.4l1.1-1.1 M17.3 6.7l1.1-1.1',
  dark: 'M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5z',
};

/** System, light, dark, and round again. */
export function ThemeSwitch() {
  const [theme, choose] = useTheme();
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
  const label = `Colours: ${theme}. Change to ${next}`;
  return (
    <Button tone="quiet" className="px-1.5" aria-label={label} title={label} onClick={() => choose(next)}>
      <svg
        viewBox="0 0 24 24"
        width="18"
        height="18"
        aria-hidden
        fill="none"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        <path d={shapes[theme]} />
      </svg>
    </Button>
  );
}
