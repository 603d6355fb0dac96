import { Layout, type Shell } from './layout.js';

/** What was asked for; `fields`: of the form that was sent, by name. */
export interface Again {
  address: string;
  fields: [name: string, value: string][] | undefined;
}

interface ProblemPageProps {
  shell: Shell;
  title: string;
  text: string;
  requestId: string;
  /** Where trying again makes sense. */
  again: Again | undefined;
}

export function ProblemPage({ shell, title, text, requestId, again }: ProblemPageProps) {
  return (
    <Layout shell={shell} title={title}>
      <section className="card status bad" aria-labelledby="problem">
        <h1 id="problem">{title}</h1>
        <p>{text}</p>
        {again?.fields && <p>What you typed is still here, and nothing is done twice.</p>}
        <div className="actions">
          {again && <TryAgain {...again} />}
          <a className="button quiet" href="/shop">
            To the shop
          </a>
        </div>
        <p className="small">
          If you write to us about this, give this number: <span className="mono">{requestId}</span>
        </p>
      </section>
    </Layout>
  );
}

function TryAgain({ address, fields }: Again) {
  if (!fields)
    return (
      <a className="button" href={address}>
        Try again
      </a>
    );
  return (
    <form method="post" action={address}>
      {fields.map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <button type="submit">Send it again</button>
    </form>
  );
}
