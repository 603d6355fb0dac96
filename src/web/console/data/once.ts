import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { Refused } from './http.js';

/**
 * A wish that is carried out once, however often it is sent: as long as nobody has answered it, the same wish goes out
 * under the same Idempotency-Key. `renews`: what to read again afterwards.
 */
export function useOnce<Wish, Answer>(
  send: (wish: Wish, key: string) => Promise<Answer>,
  renews: (wish: Wish) => readonly (readonly unknown[])[],
  onAnswer?: (answer: Answer, wish: Wish) => void,
) {
  const client = useQueryClient();
  const open = useRef<{ wish: string; key: string }>(undefined);
  return useMutation<Answer, Error, Wish>({
    mutationFn: async (wish) => {
      const text = JSON.stringify(wish);
      if (open.current?.wish !== text) open.current = { wish: text, key: randomKey() };
      try {
        const answer = await send(wish, open.current.key);
        open.current = undefined;
        return answer;
      } catch (error) {
        if (error instanceof Refused && error.problem.status < 500) open.current = undefined;
        throw error;
      }
    },
    onSuccess: (answer, wish) => onAnswer?.(answer, wish),
    onSettled: (_answer, _error, wish) => {
      for (const queryKey of renews(wish)) void client.invalidateQueries({ queryKey });
    },
  });
}

/** Also where the page is not served by https and there is no `crypto.randomUUID`. */
export const randomKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
