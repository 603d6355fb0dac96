import { useQuery } from '@tanstack/react-query';
import { partsQuery } from '../data/queries.js';
import { Notice } from '../ui/notice.js';

/** What the API itself cannot reach, and what that means for whoever presses a button now. */
export function PartsBanner() {
  const parts = useQuery(partsQuery).data;
  if (parts?.database === 'unreachable')
    return (
      <Notice tone="bad" className="mt-2">
        The API does not reach its database. Nothing can be read or changed until it does.
      </Notice>
    );
  if (parts?.temporal === 'unreachable')
    return (
      <Notice tone="wait" className="mt-2">
        Temporal does not answer. What you see is still so; what you decide now is kept, and carried out when
        Temporal is back.
      </Notice>
    );
  return null;
}
