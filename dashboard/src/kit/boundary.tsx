/** Around a page: an error in drawing it is told in its place, and the rest stays. */
import { Component, type ComponentChildren } from 'preact';
import { Head } from './parts.tsx';

interface Props {
  /** The address; at another one it begins anew. */
  readonly at: string;
  readonly children: ComponentChildren;
}

interface State {
  problem?: string | undefined;
}

export class Boundary extends Component<Props, State> {
  static override getDerivedStateFromError(error: unknown): { problem: string } {
    return { problem: error instanceof Error ? error.message : String(error) };
  }

  override componentDidUpdate(before: Props): void {
    if (before.at !== this.props.at && this.state.problem !== undefined) this.setState({ problem: undefined });
  }

  override render({ children }: Props, { problem }: State): ComponentChildren {
    if (problem === undefined) return children;
    return (
      <>
        <Head title="This page could not be drawn" />
        <div class="failed" role="alert">
          <p>
            <b>Something in it was not expected.</b> {problem}
          </p>
          <button type="button" onClick={() => location.reload()}>
            Reload
          </button>
        </div>
      </>
    );
  }
}
