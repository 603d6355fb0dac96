import { useState } from 'react';
import type { BulkBody } from '../../../../contract/console.js';
import { Button } from '../../ui/button.js';
import { countText } from '../../ui/format.js';
import { BulkDialog } from './bulk-dialog.js';
import type { filterOf } from './search.js';

type Command = BulkBody['command'];

/** One command for many: for those that are selected, or else for all that the filter finds. */
export function BulkBar({
  filter,
  selected,
  clear,
}: {
  filter: ReturnType<typeof filterOf>;
  selected: string[];
  clear: () => void;
}) {
  const [command, setCommand] = useState<Command>();
  const which = selected.length > 0 ? { orderIds: selected } : { filter };
  const name =
    selected.length > 0
      ? `${countText(selected.length, 'selected order')}`
      : Object.keys(filter).length > 0
        ? 'All orders found'
        : 'All orders';
  return (
    <div className="mb-2 flex flex-wrap items-center gap-2">
      <span className={selected.length > 0 ? 'font-semibold' : 'text-muted'}>{name}:</span>
      <Button onClick={() => setCommand('start-fulfillment')}>Start fulfillment …</Button>
      <Button tone="danger" onClick={() => setCommand('cancel')}>
        Cancel …
      </Button>
      {selected.length > 0 && (
        <Button tone="quiet" onClick={clear}>
          Select none
        </Button>
      )}
      {command && (
        <BulkDialog
          command={command}
          which={which}
          name={name.toLowerCase()}
          onClose={() => setCommand(undefined)}
        />
      )}
    </div>
  );
}
