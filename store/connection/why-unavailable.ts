/** `connection`: it is gone or of no more use; `busy`: it still works, the statement may be tried again. */
export type Unavailability = 'connection' | 'busy'

/** Statement or lock timeout, deadlock, serialization failure (PostgreSQL, appendix A). */
const busyStates = new Set(['57014', '55P03', '40001', '40P01'])

/** Connection exceptions, lack of resources, shutdown, I/O errors, a primary that became a standby (appendix A). */
const lostStates = /^(?:08|53|57P|58|25006|25P03)/

/** What pg says without a code. */
const lostMessages =
  /^(?:Connection terminated|Query read timeout|Client (?:has encountered|was closed)|Connection ended|write after end)/

/** null: an ordinary failure of the statement itself. */
export function whyUnavailable(error: unknown): Unavailability | null {
  if (!(error instanceof Error)) return null
  const { code, errno } = error as NodeJS.ErrnoException
  if (typeof errno === 'number') return 'connection'
  if (typeof code === 'string') {
    if (busyStates.has(code)) return 'busy'
    if (/^E(?!RR_)[A-Z_]+$/.test(code)) return 'connection'
    return lostStates.test(code) ? 'connection' : null
  }
  return lostMessages.test(error.message) ? 'connection' : null
}
