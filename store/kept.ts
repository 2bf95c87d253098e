import { setTimeout as pause } from 'node:timers/promises'
import { StoreUnavailable } from './store-error.ts'

/** What others may change in the store at any time, and nearly every request needs. */
export interface Kept<T> {
  /** At most a few seconds old; while the store is away, as it was last known. */
  today(): Promise<T>
  /** As it was last known, without asking. */
  known(): T
  /** What is known is out of date. */
  forget(): void
}

const mostAgeMs = 2_000
/** Nobody waits longer than that for a store that does not answer. */
const mostWaitMs = 500

/** @param first what is known before the store has been asked */
export function keep<T>(ask: () => Promise<T>, first: T): Kept<T> {
  let known = first
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<T> | undefined
  const read = async (): Promise<T> => {
    const begun = performance.now()
    try {
      known = await ask()
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
    }
    readAt = begun
    return known
  }
  return {
    async today() {
      if (performance.now() - readAt < mostAgeMs) return known
      reading ??= read().finally(() => {
        reading = undefined
      })
      const late = new AbortController()
      const limit = pause(mostWaitMs, undefined, { signal: late.signal, ref: false }).then(
        () => known,
        () => known,
      )
      try {
        return await Promise.race([reading, limit])
      } finally {
        late.abort()
      }
    },
    known: () => known,
    forget() {
      readAt = Number.NEGATIVE_INFINITY
      reading = undefined
    },
  }
}
