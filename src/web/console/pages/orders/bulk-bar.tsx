import { useState } from 'react';
import { Button } from '../../ui/button.js';
import { countText } from '../../ui/format.js';
import { BulkDialog, type BulkWish } from './bulk-dialog.js';
import type { filterOf } from './search.js';

/** One command for many: for those that are selected, or else for all that the filter finds. */
export function BulkBar({
  filter,
  selected,
  clear,
  isEmpty,
}: {
  filter: ReturnType<typeof filterOf>;
  selected: string[];
  clear: () => void;
  /** Nobody is there to ask; what has been asked stays open. */
  isEmpty: boolean;
}) {
  // As it was when the button was pressed: the list goes on changing below the dialog.
  const [wish, setWish] = useState<BulkWish>();
  const which = selected.length > 0 ? { orderIds: selected } : { filter };
  const name =
    selected.length > 0
      ? `${countText(selected.length, 'selected order')}`
      : Object.keys(filter).length > 0
        ? 'All orders found'
        : 'All orders';
  const ask = (command: BulkWish['command']): void => setWish({ command, which, name: name.toLowerCase() });
  return (
    <>
      {!isEmpty && (
        <div className="mb-2 flex flex-wrap items-center gap-2">
          <span className={selected.length > 0 ? 'font-semibold' : 'text-muted'}>{name}:</span>
          <Button onClick={() => ask('start-fulfillment')}>Start fulfillment …</Button>
          <Button tone="danger" onClick={() => ask('cancel')}>
            Cancel …
          </Button>
          {selected.length > 0 && (
            <Button tone="quiet" onClick={clear}>
              Select none
            </Button>
          )}
        </div>
      )}
      {wish && <BulkDialog wish={wish} onClose={() => setWish(undefined)} />}
    </>
  );
}
