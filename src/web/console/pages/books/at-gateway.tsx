import { Badge } from '../../ui/badge.js';
import { moneyText } from '../../ui/format.js';
import { Td } from '../../ui/table.js';

/** What the gateway keeps, and a mark where that is not the ledger's balance. */
export function AtGateway({
  currency,
  balance,
  gateway,
  differs,
  isSum = false,
}: {
  currency: string;
  balance: number;
  gateway: number | null;
  /** How many orders and charges. */
  differs: number;
  isSum?: boolean;
}) {
  const look = [gateway === 0 ? 'text-muted' : '', isSum ? 'font-semibold' : ''].join(' ');
  return (
    <Td label="Gateway" number>
      {gateway === null ? (
        <span className="text-muted">not compared yet</span>
      ) : (
        <span className={look}>{moneyText(gateway, currency)}</span>
      )}
      {gateway !== null && differs > 0 && (
        <span className="block">
          <Badge tone="bad">{differenceText(gateway - balance, currency)}</Badge>
        </span>
      )}
    </Td>
  );
}

function differenceText(more: number, currency: string): string {
  if (more === 0) return 'differs, sum the same';
  return `${moneyText(Math.abs(more), currency)} ${more > 0 ? 'more' : 'less'}`;
}
