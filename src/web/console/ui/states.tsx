import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Refused } from '../data/http.js';
import { Button } from './button.js';
import { Notice } from './notice.js';

export function Loading({ rows = 4 }: { rows?: number }) {
  return (
    <div role="status" className="space-y-3 p-3">
      <span className="sr-only">Loading</span>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} aria-hidden className="h-5 animate-pulse rounded-sm bg-sunken" />
      ))}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="px-4 py-10 text-center">
      <p className="text-base font-medium">{title}</p>
      {children && <p className="mx-auto mt-1 max-w-prose text-muted">{children}</p>}
    </div>
  );
}

export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <Notice tone="bad" className="m-3">
      <p>{error instanceof Error ? error.message : 'Something went wrong on this page.'}</p>
      {error instanceof Refused && <p className="text-sm">Request {error.problem.requestId}</p>}
      {retry && (
        <Button className="mt-2" onClick={retry}>
          Try again
        </Button>
      )}
    </Notice>
  );
}

/** What a query has brought so far. Old figures stay while newer ones cannot be had; the header says how old. */
export function Shown<T>({
  query,
  rows,
  children,
}: {
  query: UseQueryResult<T>;
  rows?: number;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return <Loading {...(rows === undefined ? {} : { rows })} />;
}
