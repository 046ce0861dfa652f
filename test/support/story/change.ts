/** Two commits with a gate between them. */
export const CHANGE = `
name: change
steps:
  - id: build
    agent: Engineer
    prompt: Build it
  - id: look
    agent: Planner
    depends_on: [build]
    prompt: Look at it
    requires_approval: true
  - id: mend
    agent: Engineer
    depends_on: [look]
    prompt: Mend it
`;

/** An agent that writes one file and says so. */
export const write = (path: string) => [
  { write: { path, content: 'x\n' } },
  { text: `Wrote ${path}.` },
];
