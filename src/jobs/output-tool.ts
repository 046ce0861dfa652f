import type { AgentTool } from '../agents/agent.ts';
import { visibleOutputs } from '../engine/visible-outputs.ts';
import { readOutputs } from '../store/outputs.ts';
import type { Attempt } from './execute-node.ts';
import type { JobDeps } from './job-deps.ts';

/** More than one page is asked for by `offset`, so that no model is flooded. */
const PAGE = 50_000;

/** Lets the agent fetch an earlier step's whole answer, where the prompt only held its beginning. */
export function outputTool(deps: JobDeps, { stored, node }: Attempt): AgentTool {
  const visible = visibleOutputs(stored.plan, stored.run, node);
  return {
    name: 'get_output',
    description: `Returns the full text of an earlier step's output. Available: ${visible.map(({ name }) => name).join(', ') || 'none'}.`,
    inputSchema: {
      type: 'object',
      properties: {
        name: { type: 'string', description: 'Name of the output.' },
        offset: { type: 'integer', minimum: 0, description: 'Character to start from.' },
      },
      required: ['name'],
    },
    async call(args) {
      const { name, offset = 0 } = args as { name: string; offset?: number };
      const ref = visible.find((candidate) => candidate.name === name);
      if (ref === undefined)
        return `There is no output named ${JSON.stringify(name)} that this step may see.`;
      const [output] = await readOutputs(deps.runs.db, stored.run.id, [ref]);
      if (output === undefined) return `${name} is empty.`;
      const page = output.text.slice(offset, offset + PAGE);
      const end = offset + page.length;
      const more =
        end < output.text.length
          ? `\n\n[${output.text.length - end} more characters from offset ${end}]`
          : '';
      return page + more;
    },
  };
}
