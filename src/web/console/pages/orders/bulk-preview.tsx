import type { BulkPreview as Preview } from '../../../../contract/console.js';
import { commandWords } from '../../data/action-words.js';
import { countText, words } from '../../ui/format.js';
import { Notice } from '../../ui/notice.js';

/** How many orders it is about, how much money, and which are left as they are. */
export function BulkPreview({ preview, isFound }: { preview: Preview; isFound: boolean }) {
  const { command, matched, allowed, orderIds, left, money, notAllowed, unknown } = preview;
  return (
    <>
      <p className="text-base">
        <strong>{allowed.toLocaleString('en-US')}</strong> of {countText(matched, 'order')} can be asked.
      </p>
      {left > 0 && (
        <Notice tone="wait">
          This run is about the oldest {orderIds.length.toLocaleString('en-US')}. The other{' '}
          {left.toLocaleString('en-US')} are left for a second run: press the button in the list again after
          this one.
        </Notice>
      )}
      {allowed > 0 && (
        <p>
          {commandWords[command].effect}{' '}
          {isFound && 'Orders that come to the list from now on are not among them.'}
        </p>
      )}
      {money.length > 0 && (
        <dl className="rounded-sm bg-sunken px-3 py-2">
          <dt className="text-muted">
            {command === 'cancel' ? 'Money that goes back' : 'Worth of these orders'}
          </dt>
          {money.map(({ currency, amountText, orders }) => (
            <dd key={currency} className="tabular-nums">
              <strong>
                {amountText} {currency}
              </strong>{' '}
              <span className="text-muted">({countText(orders, 'order')})</span>
            </dd>
          ))}
        </dl>
      )}
      {notAllowed.length > 0 && (
        <div>
          <p className="text-muted">Left as they are:</p>
          <ul className="list-disc pl-5">
            {notAllowed.map(({ status, count, text }) => (
              <li key={`${status} ${text}`}>
                {count} {words(status)}: {text}
              </li>
            ))}
          </ul>
        </div>
      )}
      {unknown.length > 0 && <p>Not found: {unknown.join(', ')}</p>}
    </>
  );
}
