/** A name for a label and a command: lower case, digits and hyphens; null if nothing is left. */
export function workflowName(text: string): string | null {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[-0-9]+|-+$/g, '')
    .slice(0, 60);
  return name === '' ? null : name;
}

/** Name a file gives to the workflow inside it. */
export function nameOfFile(file: string): string | null {
  return workflowName(file.replace(/^.*\//, '').replace(/\.\w+$/, ''));
}

/** The control plane of an Agentic Layer is beside its prompts and gates, not among workflows. */
export const LAYER_FILES = /^(?:agentic-layer\/)?workflow\.ya?ml$/;

/** What such a layer is called: the delivery pipeline of its repository. */
export const LAYER_NAME = 'sdlc';
