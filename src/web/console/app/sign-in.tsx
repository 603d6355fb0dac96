import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { ask } from '../data/http.js';
import { Button } from '../ui/button.js';
import { TextField } from '../ui/field.js';
import { Notice } from '../ui/notice.js';
import { Mark } from './mark.js';

export function SignInForm() {
  const client = useQueryClient();
  const [key, setKey] = useState('');
  const signIn = useMutation({
    mutationFn: (given: string) => ask('/api/session', { method: 'POST', body: { key: given } }),
    // Everything that was refused meanwhile, too.
    onSuccess: () => client.invalidateQueries(),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    signIn.mutate(key.trim());
  };
  return (
    <form className="mt-4 space-y-3" onSubmit={submit}>
      <TextField
        label="Key"
        type="password"
        name="key"
        autoComplete="current-password"
        autoFocus
        required
        minLength={10}
        value={key}
        onChange={(event) => setKey(event.target.value)}
        hint="Of an operator or a supervisor. In development connection.json in the data folder holds both."
      />
      {signIn.isError && <Notice tone="bad">{signIn.error.message}</Notice>}
      <Button type="submit" tone="primary" className="w-full" disabled={signIn.isPending}>
        {signIn.isPending ? 'Signing in …' : 'Sign in'}
      </Button>
    </form>
  );
}

export function SignInPage() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center p-4">
      <div className="rounded-md border border-line bg-surface p-6">
        <h1 className="flex items-center gap-2">
          <Mark /> Pre-orders
        </h1>
        <p className="mt-1 text-muted">The shop’s own side: orders, money, stock and what needs a person.</p>
        <SignInForm />
      </div>
      <p className="mt-3 px-1 text-muted">
        Or run <code className="font-mono">npx preorder sign-in</code>: its link signs this browser in.
      </p>
    </main>
  );
}
