/** Whether a command begins with what a pattern says; `*` in it stands for anything. */
export function patternFits(pattern: string, command: string): boolean {
  return globFits(pattern, command) || globFits(`${pattern} *`, command);
}

/** Each part is looked for once, from left to right, so that no pattern takes long. */
function globFits(glob: string, text: string): boolean {
  const [head = '', ...parts] = glob.split('*');
  const tail = parts.pop();
  if (tail === undefined) return text === head;
  if (!text.startsWith(head)) return false;
  let at = head.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - tail.length >= at && text.endsWith(tail);
}
