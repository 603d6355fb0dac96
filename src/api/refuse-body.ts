import { isDeepStrictEqual } from 'node:util';
import { HttpProblem } from './problems.js';

/** The address says it all: a body that says more would go unread, so it is refused. */
export function refuseBody(body: unknown): void {
  if (body === undefined || body === null || isDeepStrictEqual(body, {})) return;
  throw new HttpProblem(400, 'invalid_request', 'This command takes no body, or an empty one: {}.');
}
