import type { Logger } from 'pino'
import type { ApiKeyRow, ApiKeyStore } from '../../store/api-keys.ts'
import { StoreUnavailable } from '../../store/store-error.ts'

/** A key revoked through another process is good here for so long at most. */
const freshMs = 5_000
/** While the store is away, a key that was good stays so: orders that run can still be decided upon. */
const keptMs = 10 * 60_000
const touchEveryMs = 60_000
const mostKept = 10_000

export interface KnownKeys {
  /** By the hash of a key; null: there is none. */
  find(hash: string): Promise<ApiKeyRow | null>
  /** Notes, at most once a minute, that the key was used. Nobody waits for it. */
  used(row: ApiKeyRow): void
  /** What is known may have changed. */
  forget(): void
}

/** The keys of the store, each asked for once in a few seconds. */
export function knownKeys(
  store: Pick<ApiKeyStore, 'findApiKey' | 'touchApiKey'>,
  clock: () => Date,
  logger: Logger,
): KnownKeys {
  const kept = new Map<string, { row: ApiKeyRow; asOfMs: number }>()
  const usedAtMs = new Map<string, number>()
  return {
    async find(hash) {
      const nowMs = clock().getTime()
      const known = kept.get(hash)
      if (known !== undefined && nowMs - known.asOfMs < freshMs) return known.row
      try {
        const row = await store.findApiKey(hash)
        if (kept.size >= mostKept) kept.clear()
        if (row === null) kept.delete(hash)
        else kept.set(hash, { row, asOfMs: nowMs })
        return row
      } catch (error) {
        if (error instanceof StoreUnavailable && known !== undefined && nowMs - known.asOfMs < keptMs) return known.row
        throw error
      }
    },

    used({ id, lastUsedAt }) {
      const nowMs = clock().getTime()
      const last = usedAtMs.get(id) ?? Date.parse(lastUsedAt ?? '1970-01-01')
      if (nowMs - last < touchEveryMs) return
      if (usedAtMs.size >= mostKept) usedAtMs.clear()
      usedAtMs.set(id, nowMs)
      store.touchApiKey(id, new Date(nowMs).toISOString()).catch((error: Error) => {
        if (!(error instanceof StoreUnavailable)) logger.warn({ err: error }, 'the last use of a key was not kept')
      })
    },

    forget() {
      kept.clear()
    },
  }
}
