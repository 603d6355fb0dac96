import { createContext, useContext } from 'react';
import type { Session } from '../../../contract/session.js';

export const SessionContext = createContext<Session | undefined>(undefined);

/** Of whoever has signed in; every page has one. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('outside of the session gate');
  return session;
}
