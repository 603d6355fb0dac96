import { Popover } from 'radix-ui';
import { orderStatuses } from '../../../../domain/lifecycle.js';
import { buttonLook } from '../../ui/button.js';
import { words } from '../../ui/format.js';
import { statusesOf } from './search.js';

/** Any number of statuses; none is all. */
export function StatusFilter({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const chosen = statusesOf(value);
  const toggle = (status: (typeof orderStatuses)[number]): void => {
    const next = chosen.includes(status) ? chosen.filter((each) => each !== status) : [...chosen, status];
    onChange(next.join(',') || undefined);
  };
  const [only] = chosen;
  return (
    <Popover.Root>
      <Popover.Trigger className={buttonLook('plain', chosen.length > 0 ? 'border-accent text-accent' : '')}>
        Status: {chosen.length === 0 || !only ? 'all' : chosen.length === 1 ? words(only) : chosen.length}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label="Statuses"
          className="z-20 rounded-md border border-line bg-surface p-2 shadow-float"
        >
          <ul>
            {orderStatuses.map((status) => (
              <li key={status}>
                <label className="flex min-h-7 items-center gap-2 rounded-sm px-2 hover:bg-hover">
                  <input type="checkbox" checked={chosen.includes(status)} onChange={() => toggle(status)} />
                  {words(status)}
                </label>
              </li>
            ))}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
