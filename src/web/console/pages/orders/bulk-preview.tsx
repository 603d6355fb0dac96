import type { BulkPreview as Preview } from '../../../../contract/console.js';
import { commandWords } from '../../data/action-words.js';
import { countText, words } from '../../ui/format.js';
import { Notice } from '../../ui/notice.js';

/** How many orders it is about, how much money, and which are left as they are. */
export function BulkPreview({ preview, isFound }: { preview: Preview; isFound: boolean }) {
  const { command, matched, allowed, orderIds, left, money, mayGoBack, notAllowed, unknown } = preview;
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
      {money.length + mayGoBack.length > 0 && (
        <dl className="space-y-2 rounded-sm bg-sunken px-3 py-2">
          <Money
            name={command === 'cancel' ? 'Goes back now, where it was charged' : 'Worth of these orders'}
            money={money}
          />
          <Money name="May go back: the partner or the item’s way decides" money={mayGoBack} />
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

const Money = ({ name, money }: { name: string; money: Preview['money'] }) =>
  money.length > 0 && (
    <div>
      <dt className="text-muted">{name}</dt>
      {money.map(({ currency, amountText, orders }) => (
        <dd key={currency} className="tabular-nums">
          <strong>
            {amountText} {currency}
          </strong>{' '}
          <span className="text-muted">({countText(orders, 'order')})</span>
        </dd>
      ))}
    </div>
  );
