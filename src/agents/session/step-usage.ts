import type { Usage } from '@agentclientprotocol/sdk/unstable';
import { type AgentUsage, NOTHING_USED } from '../agent.ts';
import type { LlmLedger } from '../gateway/llm-ledger.ts';

/** What a step used: the gateway's count if it could count, else what the agent says. */
export function usageOf(
  ledger: LlmLedger,
  told: Usage | undefined,
  toldCostUsd: number | undefined,
): AgentUsage {
  const costUsd = toldCostUsd ?? null;
  const counted = ledger.usage();
  if (counted !== undefined) return { ...counted, costUsd: counted.costUsd ?? costUsd };
  const { calls } = ledger;
  if (told === undefined) {
    return { ...NOTHING_USED, calls, costUsd, source: costUsd === null ? 'none' : 'agent' };
  }
  const cached = (told.cachedReadTokens ?? 0) + (told.cachedWriteTokens ?? 0);
  const { inputTokens, outputTokens } = told;
  return { inputTokens: inputTokens + cached, outputTokens, costUsd, calls, source: 'agent' };
}
