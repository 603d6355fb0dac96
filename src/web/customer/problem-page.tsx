import { Layout, type Shell } from './layout.js';

interface ProblemPageProps {
  shell: Shell;
  title: string;
  text: string;
  requestId: string;
}

export function ProblemPage({ shell, title, text, requestId }: ProblemPageProps) {
  return (
    <Layout shell={shell} title={title}>
      <section className="card status bad" aria-labelledby="problem">
        <h1 id="problem">{title}</h1>
        <p>{text}</p>
        <p>
          <a href="/shop">To the shop</a>
        </p>
        <p className="small">
          If you write to us about this, give this number: <span className="mono">{requestId}</span>
        </p>
      </section>
    </Layout>
  );
}
