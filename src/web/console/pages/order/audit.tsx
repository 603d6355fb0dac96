import { useQuery } from '@tanstack/react-query';
import { auditQuery } from '../../data/queries.js';
import { FactBadge } from '../../ui/badge.js';
import { Card, Code } from '../../ui/card.js';
import { words } from '../../ui/format.js';
import { Empty, Shown } from '../../ui/states.js';
import { Table, Td, Th, Tr } from '../../ui/table.js';
import { Instant } from '../../ui/time.js';

/** Who did what, and who was refused what. */
export function AuditCard({ orderId }: { orderId: string }) {
  const query = useQuery(auditQuery(orderId));
  return (
    <Card title="Who did what" flush>
      <Shown query={query} rows={3}>
        {({ entries }) =>
          entries.length === 0 ? (
            <Empty title="Nobody has asked for anything yet" />
          ) : (
            <Table
              label="Who did what"
              head={
                <>
                  <Th>When</Th>
                  <Th>Who</Th>
                  <Th>What</Th>
                  <Th>Outcome</Th>
                  <Th>Request</Th>
                </>
              }
            >
              {entries.map((entry) => (
                <Tr key={`${entry.requestId} ${entry.at} ${entry.action}`}>
                  <Td label="When">
                    <Instant at={entry.at} />
                  </Td>
                  <Td label="Who">{entry.keyName ? `${entry.keyName} (${entry.caller})` : entry.caller}</Td>
                  <Td label="What">{words(entry.action)}</Td>
                  <Td label="Outcome">
                    <FactBadge state={entry.outcome} />
                    {entry.code && ` ${words(entry.code)}`}
                    {entry.times > 1 && `, ${entry.times} times`}
                  </Td>
                  <Td label="Request">
                    <Code>{entry.requestId}</Code>
                  </Td>
                </Tr>
              ))}
            </Table>
          )
        }
      </Shown>
    </Card>
  );
}
