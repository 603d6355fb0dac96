import { Dialog as Radix } from 'radix-ui';
import { useRef, type ReactNode } from 'react';

/**
 * A modal dialog: the focus goes in, stays in, and comes back; Escape closes, and so does a click beside it, unless
 * something was typed. Without Radix' own overlay, which writes a
 * style element into the page: the Content-Security-Policy refuses it.
 */
export function Dialog({
  title,
  description,
  onClose,
  isBusy = false,
  children,
}: {
  title: string;
  description?: ReactNode;
  onClose: () => void;
  /** Something is under way that only a button ends. */
  isBusy?: boolean;
  children: ReactNode;
}) {
  const isTyped = useRef(false);
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <div className="fixed inset-0 z-20 bg-shade" />
        <Radix.Content
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          onInput={() => void (isTyped.current = true)}
          onInteractOutside={(event) => (isBusy || isTyped.current) && event.preventDefault()}
          onEscapeKeyDown={(event) => isBusy && event.preventDefault()}
          className="fixed top-1/2 left-1/2 z-30 max-h-[92dvh] w-[34rem] max-w-[calc(100vw-1rem)] -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-md border border-line bg-surface p-4 shadow-float sm:p-5"
        >
          <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
          {description !== undefined && (
            <Radix.Description asChild>
              <div className="mt-1 text-muted">{description}</div>
            </Radix.Description>
          )}
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export const DialogButtons = ({ children }: { children: ReactNode }) => (
  <div className="mt-5 flex flex-wrap justify-end gap-2">{children}</div>
);
