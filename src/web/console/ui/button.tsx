import type { ComponentProps } from 'react';

type Tone = 'plain' | 'primary' | 'danger' | 'quiet';

const shape =
  'inline-flex min-h-8 items-center justify-center gap-1.5 rounded-sm border px-3 py-1 font-medium ' +
  'whitespace-nowrap transition-colors disabled:opacity-55';
const tones: Record<Tone, string> = {
  plain: 'border-edge bg-surface hover:bg-hover',
  primary: 'border-accent bg-accent text-on-accent hover:opacity-90',
  danger: 'border-bad bg-surface text-bad hover:bg-bad-ground',
  quiet: 'border-transparent bg-transparent text-muted hover:bg-hover hover:text-text',
};

export const buttonLook = (tone: Tone = 'plain', more = ''): string => `${shape} ${tones[tone]} ${more}`;

export function Button({ tone, className = '', ...props }: ComponentProps<'button'> & { tone?: Tone }) {
  return <button type="button" {...props} className={buttonLook(tone, className)} />;
}
