import { useId, type ComponentProps, type ReactNode } from 'react';

const look =
  'min-h-8 w-full rounded-sm border border-edge bg-surface px-2.5 py-1 placeholder:text-muted aria-invalid:border-bad';

function Labelled({
  label,
  hint,
  error,
  children,
}: {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  children: (ids: { id: string; describedBy: string | undefined }) => ReactNode;
}) {
  const id = useId();
  const about = error !== undefined || hint !== undefined ? `${id}-about` : undefined;
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-0.5 block font-medium">
        {label}
      </label>
      {children({ id, describedBy: about })}
      {about && (
        <p id={about} className={`mt-0.5 text-[0.93rem] ${error === undefined ? 'text-muted' : 'text-bad'}`}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

interface About {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
}

export function TextField({ label, hint, error, ...props }: ComponentProps<'input'> & About) {
  return (
    <Labelled label={label} hint={hint} error={error}>
      {({ id, describedBy }) => (
        <input
          {...props}
          id={id}
          aria-describedby={describedBy}
          aria-invalid={error === undefined ? undefined : true}
          className={look}
        />
      )}
    </Labelled>
  );
}

export function SelectField({ label, hint, error, children, ...props }: ComponentProps<'select'> & About) {
  return (
    <Labelled label={label} hint={hint} error={error}>
      {({ id, describedBy }) => (
        <select {...props} id={id} aria-describedby={describedBy} className={look}>
          {children}
        </select>
      )}
    </Labelled>
  );
}

export const inputLook = look;
