import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';

type Event = temporal.api.history.v1.IHistoryEvent;

export interface Cost {
  events: number;
  actions: number;
  /** Of the actions: timers that remind of a pickup. */
  reminderTimers: number;
  searchAttributeUpserts: number;
}

/** What Temporal Cloud bills of a history: the public rules, event by event. */
function actionsOf(event: Event, markersSeen: Set<string>): number {
  if (event.workflowExecutionStartedEventAttributes) {
    // A child's start is counted at its parent, as two.
    return event.workflowExecutionStartedEventAttributes.parentWorkflowExecution ? 0 : 1;
  }
  if (event.startChildWorkflowExecutionInitiatedEventAttributes) return 2;
  if (event.activityTaskScheduledEventAttributes || event.timerStartedEventAttributes) return 1;
  if (event.workflowExecutionSignaledEventAttributes || event.workflowExecutionUpdateAcceptedEventAttributes)
    return 1;
  if (event.upsertWorkflowSearchAttributesEventAttributes) return isVersionOnly(event) ? 0 : 1;
  if (event.markerRecordedEventAttributes) {
    const task = String(event.markerRecordedEventAttributes.workflowTaskCompletedEventId);
    if (event.markerRecordedEventAttributes.markerName === 'core_patch' || markersSeen.has(task)) return 0;
    markersSeen.add(task);
    return 1;
  }
  return 0;
}

function isVersionOnly(event: Event): boolean {
  const fields = event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields ?? {};
  return Object.keys(fields).every((name) => name === 'TemporalChangeVersion');
}

export async function costOf(client: Client, workflowIds: string[]): Promise<Cost> {
  const cost: Cost = { events: 0, actions: 0, reminderTimers: 0, searchAttributeUpserts: 0 };
  for (const workflowId of workflowIds) {
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    const markersSeen = new Set<string>();
    let pickedUp = false;
    for (const event of events ?? []) {
      cost.events += 1;
      cost.actions += actionsOf(event, markersSeen);
      if (event.upsertWorkflowSearchAttributesEventAttributes) cost.searchAttributeUpserts += 1;
      if (
        event.workflowExecutionSignaledEventAttributes ||
        event.workflowExecutionUpdateAcceptedEventAttributes
      )
        pickedUp = true;
      if (workflowId.startsWith('delivery-') && event.timerStartedEventAttributes && !pickedUp)
        cost.reminderTimers += 1;
    }
  }
  return cost;
}
