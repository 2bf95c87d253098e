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
/** From this age on it is read anew, beside whoever asks. */
const freshMs = 1_000
/** Nobody waits longer than that for a store that does not answer. */
const mostWaitMs = 500

/** @param first what is known before the store has been asked */
export function keep<T>(ask: () => Promise<T>, first: T): Kept<T> {
  let known = first
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<T> | undefined
  let forgotten = 0
  const read = async (): Promise<T> => {
    const begun = performance.now()
    const before = forgotten
    let answer = known
    try {
      answer = await ask()
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
    }
    // What was read before it was out of date is out of date.
    if (before !== forgotten) return answer
    known = answer
    readAt = begun
    return known
  }
  return {
    async today() {
      const ageMs = performance.now() - readAt
      if (ageMs < freshMs) return known
      if (reading === undefined) {
        const begun = read().finally(() => {
          if (reading === begun) reading = undefined
        })
        reading = begun
      }
      if (ageMs < mostAgeMs) {
        // Whoever asks when it is too old is told what went wrong.
        reading.catch(() => {})
        return known
      }
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
      forgotten += 1
      readAt = Number.NEGATIVE_INFINITY
      reading = undefined
    },
  }
}
