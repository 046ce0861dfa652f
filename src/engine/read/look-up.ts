import type { Json } from '../../plan/json.ts';
import { ofKind } from '../../plan/kinds.ts';
import { splitKey } from '../state/node-key.ts';
import type { Frame, FrameId } from '../state/run.ts';
import type { View } from '../state/view.ts';
import { frameIndex } from '../state/view.ts';
import { dataOf, outputsFor } from './visible-outputs.ts';

/** Answers what a condition asks by name: visible outputs, then parameters and items, outwards. */
export function lookUpFrom(
  view: View,
  frameId: FrameId,
  id: string,
  own: boolean,
): (name: string) => Json | undefined {
  let outputs: ReturnType<typeof outputsFor> | undefined;
  return (name) => {
    outputs ??= outputsFor(view, frameId, id, own);
    const output = outputs.get(name);
    return output === undefined ? parameter(view, frameId, name) : dataOf(view, output);
  };
}

function parameter(view: View, frameId: FrameId, name: string): Json | undefined {
  const frame = view.frames[frameId];
  if (frame === undefined || frame.parent === null) return startParameter(view, name);
  if (Object.hasOwn(frame.params, name)) return frame.params[name];
  const caller = splitKey(frame.parent);
  if (itemName(view, caller) === name) return frame.item;
  return parameter(view, caller.frame, name);
}

function itemName(view: View, caller: { frame: FrameId; id: string }): string | null {
  const frame: Frame | undefined = view.frames[caller.frame];
  const node = frame && frameIndex(view, frame).nodes.get(caller.id);
  return ofKind(node, 'foreach')?.as ?? null;
}

function startParameter({ params }: View, name: string): Json | undefined {
  return Object.hasOwn(params, name) ? params[name] : undefined;
}
