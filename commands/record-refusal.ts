import { randomUUID } from 'node:crypto'
import type { Attempt } from '../domain/core/commands/attempt.ts'
import type { Identity } from '../domain/permission/caller.ts'
import type { OrderKey } from '../store/orders.ts'
import { StoreUnavailable } from '../store/store-error.ts'
import type { CommandDependencies } from './command-dependencies.ts'

/**
 * Notes beside the order what its workflow does not hear of and so cannot note itself. Refused it is in any case: also
 * while the store is away, when the log has it.
 */
export async function recordRefusal(
  { store, clock, logger }: Pick<CommandDependencies, 'store' | 'clock' | 'logger'>,
  { actor }: Pick<Identity, 'actor'>,
  key: OrderKey,
  refused: Pick<Attempt, 'command' | 'code' | 'message'>,
): Promise<void> {
  const attempt = { id: `${key.orderNo}/api/${randomUUID()}`, at: clock().toISOString(), actor, ...refused }
  try {
    await store.recordAttempt(key, attempt)
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    logger.warn({ ...key, ...attempt }, 'a refused attempt could not be recorded')
  }
}
