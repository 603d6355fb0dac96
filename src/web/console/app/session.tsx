import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import type { Session } from '../../../contract/session.js';
import { ask } from '../data/http.js';
import { sessionQuery } from '../data/queries.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Failed, Loading } from '../ui/states.js';
import { SessionContext, useSession } from './session-context.js';
import { Shell } from './shell.js';
import { SignInForm, SignInPage } from './sign-in.js';

const RETRY_MS = 3_000;

/** The pages are for whoever has signed in. A session that ends meanwhile takes nothing away: the page stays below. */
export function SessionGate() {
  const query = useQuery({
    ...sessionQuery,
    refetchInterval: ({ state }) => (state.status === 'error' && !state.data ? RETRY_MS : 300_000),
  });
  const known = useRef<Session>(undefined);
  if (query.data) known.current = query.data;
  if (known.current) {
    return (
      <SessionContext value={known.current}>
        <Shell />
        {query.data === null && (
          <Dialog
            title="Your session has ended"
            description="Sign in again and go on where you were: nothing you typed is lost."
            onClose={() => undefined}
          >
            <SignInForm />
          </Dialog>
        )}
      </SessionContext>
    );
  }
  if (query.data === null) return <SignInPage />;
  return (
    <main className="mx-auto max-w-md p-6">
      <h1 className="mb-4">Pre-orders</h1>
      {query.isError ? <Failed error={query.error} retry={() => void query.refetch()} /> : <Loading />}
    </main>
  );
}

export function SessionMenu() {
  const session = useSession();
  const who = session.keyName ?? session.caller;
  const signOut = async (): Promise<void> => {
    await ask('/api/session', { method: 'DELETE' }).catch(() => undefined);
    // A fresh page: nothing of this session stays in memory.
    window.location.assign('/');
  };
  return (
    <Button tone="quiet" title={`Signed in as ${who} (${session.caller})`} onClick={() => void signOut()}>
      Sign out
    </Button>
  );
}
