import type { OperatorOrder } from '../../../../contract/api.js';
import { Card } from '../../ui/card.js';
import { MoveTime } from '../development/move-time.js';

/** Development: months, now. */
export const TimeCard = ({ order }: { order: OperatorOrder }) => (
  <Card title="Time (development)">
    <MoveTime order={order} />
  </Card>
);
