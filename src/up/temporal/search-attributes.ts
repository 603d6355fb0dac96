import type { Connection } from '@temporalio/client';
import { isNotPermitted, isPassing, status, statusOf } from './connect.js';
import { until } from './poll.js';
import type { SearchAttributeType, TemporalOptions } from './types.js';

/** temporal.api.enums.v1.IndexedValueType */
const wireType: Record<SearchAttributeType, number> = { Keyword: 2, Int: 3, Bool: 5, Datetime: 6 };

export async function ensureSearchAttributes(
  connection: Connection,
  { namespace, searchAttributes: wanted = {}, say }: TemporalOptions,
  giveUp?: AbortSignal,
): Promise<void> {
  if (Object.keys(wanted).length === 0) return;
  // A namespace registered a moment ago is not known to every part of the server yet.
  const known = async () => Boolean(await listed(connection, namespace));
  await until(`namespace ${namespace} to be known`, known, { giveUp, retryable: isPassing });
  const missing = missingAttributes(wanted, await listed(connection, namespace));
  if (missing.length === 0) return;
  if (!(await add(connection, namespace, missing))) {
    say(
      `This server does not let us add search attributes (Temporal Cloud does not). ${byHand(namespace, missing)}`,
    );
    return;
  }
  const patience = { giveUp, retryable: (error: unknown) => isPassing(error) || isUnknownYet(error) };
  await until('the search attributes', () => isUsable(connection, namespace, Object.keys(wanted)), patience);
  say(`Added search attributes ${missing.map(([name]) => name).join(', ')}.`);
}

type Attribute = [name: string, type: SearchAttributeType];

/** Refuses a name that is there with another type: every later search would fail in a stranger way. */
export function missingAttributes(
  wanted: Record<string, SearchAttributeType>,
  present: Record<string, number>,
): Attribute[] {
  const attributes = Object.entries(wanted);
  for (const [name, type] of attributes) {
    const there = present[name];
    if (there !== undefined && there !== wireType[type]) {
      throw new Error(
        `Search attribute ${name} exists with another type than ${type}: use another namespace.`,
      );
    }
  }
  return attributes.filter(([name]) => present[name] === undefined);
}

async function listed(connection: Connection, namespace: string): Promise<Record<string, number>> {
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    return customAttributes;
  } catch (error) {
    if (isNotPermitted(error)) return {};
    throw error;
  }
}

async function add(connection: Connection, namespace: string, missing: Attribute[]): Promise<boolean> {
  const searchAttributes = Object.fromEntries(missing.map(([name, type]) => [name, wireType[type]]));
  try {
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  } catch (error) {
    if (isNotPermitted(error)) return false;
    if (statusOf(error) !== status.alreadyExists) throw error;
  }
  return true;
}

/** Listed is not usable: each service has its own idea of a namespace, refreshed every few seconds. */
async function isUsable(connection: Connection, namespace: string, names: string[]): Promise<boolean> {
  const present = await listed(connection, namespace);
  if (names.some((name) => present[name] === undefined)) return false;
  const query = names.map((name) => `${name} IS NOT NULL`).join(' AND ');
  await connection.workflowService.countWorkflowExecutions({ namespace, query });
  return true;
}

const isUnknownYet = (error: unknown) => statusOf(error) === status.invalidArgument;

function byHand(namespace: string, missing: Attribute[]): string {
  const flags = missing.map(([name, type]) => `--name ${name} --type ${type}`).join(' ');
  return `Add them in its console or with: temporal operator search-attribute create --namespace ${namespace} ${flags}`;
}
