import type { Command } from 'commander';
import type { SignInLink } from '../../contract/api.js';
import type { Kit } from '../program.js';
import { examples } from './arguments.js';

export function addSignIn(program: Command, kit: Kit): void {
  const command = program
    .command('sign-in')
    .summary('a link that signs a browser in')
    .description(
      'Prints a link that signs one browser in as operator, once, to read orders in the Temporal Web UI.',
    )
    .action(
      kit.action(async ({ api, output }) => {
        const { body: link } = await api.post<SignInLink>('/sign-in-links', { doing: 'get a link' });
        await output.answer(link, () => link.url);
        output.note(`Works once, until ${link.expiresAt}.`);
      }),
    );
  examples(command, 'sign-in', 'sign-in --json');
}
