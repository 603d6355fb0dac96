import type { Command } from 'commander';
import type { PlacedOrder, PlaceOrderBody, ProductView } from '../../contract/api.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { CliFailure } from '../failure.js';
import type { Kit } from '../program.js';
import { orderPage } from '../render/order-page.js';
import type { Session } from '../session.js';
import { examples, idempotencyKeyOption, whole } from './arguments.js';

interface Options {
  product?: string;
  quantity: number;
  name: string;
  email: string;
  street: string;
  city: string;
  zip: string;
  country: string;
  paymentMethod: string;
  idempotencyKey?: string;
}

export function addPlaceOrder(program: Command, kit: Kit): void {
  const command = program
    .command('place-order')
    .summary('pay for a product and reserve it')
    .description('Places a pre-order: the full price is paid at once, and the units are reserved.')
    .option('--product <sku>', 'what to order (default: the first open product)')
    .option('--quantity <n>', 'how many', whole(1, 1000), 1)
    .option('--name <name>', 'the customer', 'Ada Lovelace')
    .option('--email <email>', 'where mails go', 'ada@example.com')
    .option('--street <street>', 'where the item goes', '1 Main Street')
    .option('--city <city>', '', 'Springfield')
    .option('--zip <zip>', '', '12345')
    .option('--country <code>', 'two letters', 'US')
    .option('--payment-method <token>', "of the payment gateway; Stripe's test cards", 'pm_card_visa')
    .addOption(idempotencyKeyOption())
    .action(kit.action(placeOrder));
  examples(
    command,
    'place-order',
    'place-order --product aurora-phone --quantity 2',
    'place-order --payment-method pm_card_chargeDeclined',
  );
}

async function placeOrder(session: Session, options: Options): Promise<ExitCode> {
  const { output, program } = session;
  const sku = options.product ?? (await firstOpenProduct(session, options.quantity));
  const idempotencyKey = options.idempotencyKey ?? crypto.randomUUID();
  output.note(`Idempotency key ${idempotencyKey} (a repeat with it places nothing twice)`);
  const { status, body: order } = await session.api.post<PlacedOrder>('/orders', {
    doing: 'place the order',
    body: toBody(sku, options),
    idempotencyKey,
  });
  session.remember(order.orderId);
  await output.answer(order, () => orderPage(order, output, [['Token', order.token]]));
  if (status === 202) {
    output.note('\nThe order is kept, but it is not known yet whether the payment went through.');
    output.note(`It goes on by itself: ${program} watch ${order.orderId}`);
    return exitCodes.notConfirmed;
  }
  output.note('\nThe token is the key of the customer to this order: --key <token>.');
  session.suggestFor(order);
  return exitCodes.ok;
}

function toBody(sku: string, options: Options): PlaceOrderBody {
  const { name, email, street, city, zip, country } = options;
  return {
    sku,
    quantity: options.quantity,
    customer: { name, email, address: { street, city, zip, country: country.toUpperCase() } },
    paymentMethod: options.paymentMethod,
  };
}

/** Of what can be ordered now, the first that has enough left; of what is sold out, the API says so. */
async function firstOpenProduct({ api, program }: Session, quantity: number): Promise<string> {
  const { products } = await api.get<{ products: ProductView[] }>('/products', 'look up the products');
  const open = products.filter((each) => each.open && Date.parse(each.shipsBy) > Date.now());
  const product = open.find((each) => each.left >= quantity) ?? open[0];
  if (product) return product.sku;
  const why = products.length > 0 ? 'No product is open for pre-orders.' : 'There are no products yet.';
  throw new CliFailure(exitCodes.notFound, 'Could not place the order.', why, [
    `${program} products shows all of them; npm start brings some to try.`,
  ]);
}
