// A solver and a scorer of a team's own, as one web service: /solve answers sums by itself, /score judges answers.
//
//   npm install assay-0.2.0.tgz && PORT=9000 node solver.ts
//
// docs/plugins.md says how an agent allows it and how a spec names it.
import { createServer } from 'node:http';
import { defineScorer, defineSolver, SampleError, scorerHandler, solverHandler } from 'assay/plugin';

const calculator = defineSolver(({ sample }) => {
  const text = typeof sample.input === 'string' ? sample.input : JSON.stringify(sample.input);
  const [, a, sign, b] = /(-?\d+)\s*([-+*])\s*(-?\d+)/.exec(text) ?? [];
  if (a === undefined || b === undefined) throw new SampleError('there is no sum in this question');
  const result = sign === '+' ? Number(a) + Number(b) : sign === '-' ? Number(a) - Number(b) : Number(a) * Number(b);
  return { completion: `The answer is ${result}`, stop_reason: 'stop', usage: { input_tokens: 0, output_tokens: 0 } };
});

const endsWith = defineScorer(({ output, target }) => (target.some((t) => output.endsWith(t)) ? 'C' : 'I'));

const [solve, judge] = [solverHandler(calculator), scorerHandler(endsWith)];
const server = createServer((request, response) => {
  if (request.url === '/solve') return solve(request, response);
  if (request.url === '/score') return judge(request, response);
  response.writeHead(404).end();
});
server.listen(Number(process.env['PORT'] ?? 9000), '127.0.0.1', () => console.log('listening'));
