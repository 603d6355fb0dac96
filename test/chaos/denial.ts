import type { Heard } from './client.js';
import type { Story } from './life.js';
import type { Stack } from './stack.js';
import type { Histories } from './verdict.js';

/** I11: what is refused says why, as a problem, and nothing of our insides. */
export function refusals({ status, contentType, text }: Heard): string[] {
  if (status < 400) return [];
  return [
    !contentType.startsWith('application/problem+json') && `I11: ${status} came as ${contentType}`,
    /node_modules|\.[jt]s:\d+|select |insert |ECONN/i.test(text) && `I11: ${status} shows insides: ${text}`,
  ].filter((wrong) => wrong !== false);
}

/** I11: a refusal leaves no order, no command that could still be carried out, and no event in any history. */
export async function denied({ observed }: Stack, stories: Story[], histories: Histories): Promise<string[]> {
  const { db } = observed.database;
  const orders = await db.selectFrom('orders').select('idempotency_key').execute();
  const keys = new Set(orders.map((row) => row.idempotency_key));
  const commands = await db.selectFrom('commands').select(['id', 'outcome']).execute();
  const outcomes = new Map(commands.map(({ id, outcome }) => [id, outcome]));
  const accepted = acceptedUpdates(histories);

  const nonsense = stories.flatMap((story) => story.nonsense);
  const refused = stories.flatMap(({ orderId, commands: asked }) =>
    asked
      .filter(({ heard }) => heard && heard.status >= 400 && heard.status < 500)
      .map(({ kind, key, heard }) => ({ id: `${orderId}:${kind.split(':')[0]}:${key}`, heard })),
  );
  return [
    ...nonsense
      .filter(({ heard }) => heard && (heard.status < 400 || heard.status >= 500) && heard.status !== 503)
      .map(({ what, heard }) => `I11: ${what} was answered ${heard?.status}`),
    ...nonsense
      .filter(({ key }) => keys.has(key) || commands.some(({ id }) => id.endsWith(`:${key}`)))
      .map(({ what, key }) => `I11: ${key}: ${what} left a row`),
    ...refused
      .filter(({ id }) => outcomes.has(id) && outcomes.get(id) !== 'rejected')
      .map(
        ({ id, heard }) => `I11: ${id} was refused (${heard?.status}), and its row says ${outcomes.get(id)}`,
      ),
    ...refused
      .filter(({ id }) => accepted.has(id))
      .map(({ id, heard }) => `I11: ${id} was refused (${heard?.status}), and stands in a history`),
  ];
}

/** The ids of the updates that stand in a history; one that its validator refuses leaves none. */
function acceptedUpdates(histories: Histories): Set<string> {
  return new Set(
    histories.flatMap(([, { events }]) =>
      (events ?? []).flatMap(
        ({ workflowExecutionUpdateAcceptedEventAttributes: update }) => update?.protocolInstanceId ?? [],
      ),
    ),
  );
}
