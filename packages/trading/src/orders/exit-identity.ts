import { canonicalJson, sha256Hex, type BracketPart } from '@aistock/shared';
import { clientOrderId } from './identity.ts';

/** The decision id of an exit of a bracket, from the client order id of its entry: whoever knows the entry can name its exits. */
export function exitDecisionId(entryClientOrderId: string, part: BracketPart): string {
  return sha256Hex(canonicalJson({ entry_client_order_id: entryClientOrderId, part }));
}

/** The id under which an exit of a bracket is known at the venue. */
export function exitClientOrderId(entryClientOrderId: string, part: BracketPart): string {
  return clientOrderId(exitDecisionId(entryClientOrderId, part));
}
