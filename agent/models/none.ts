/** `none`: no model. It stands in for one where the team's own code answers: `none/app` with the solver `http`. */
import { ModelError, type Generation, type ModelProvider } from './provider.ts';

export class NoProvider implements ModelProvider {
  generate(): Promise<Generation> {
    return Promise.reject(
      new ModelError('request', 'the models none/* are for solvers that call no model, such as http; name another model'),
    );
  }

  async close(): Promise<void> {}
}
