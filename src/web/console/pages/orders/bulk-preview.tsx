import type { BulkPreview as Preview } from '../../../../contract/console.js';
import { commandWords } from '../../data/action-words.js';
import { countText, words } from '../../ui/format.js';
import { Notice } from '../../ui/notice.js';

/** How many orders it is about, how much money, and which are left as they are. */
export function BulkPreview({ preview, isFound }: { preview: Preview; isFound: boolean }) {
  const { command, matched, allowed, orderIds, money, notAllowed, unknown } = preview;
  return (
    <>
      <p className="text-base">
        <strong>{allowed.toLocaleString('en-US')}</strong> of {countText(matched, 'order')} can be asked.
      </p>
      {orderIds === null && (
        <Notice tone="wait">These are too many to be asked at once. Use filters to find fewer.</Notice>
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
