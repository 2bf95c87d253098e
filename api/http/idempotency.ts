import { createHash } from 'node:crypto'
import type { Identity } from '../../domain/permission/caller.ts'
import type { IdempotencyKeyStore } from '../../store/idempotency-keys.ts'
import { canonicalJson } from '../../store/json-text.ts'
import { StoreUnavailable } from '../../store/store-error.ts'
import { invalid, Problem } from './problem.ts'
import type { Answer } from './route.ts'

/** The `Idempotency-Key` of a request; undefined if it has none. @throws Problem invalid */
export function idempotencyKeyOf(header: string | undefined): string | undefined {
  if (header === undefined) return
  if (/^[\x21-\x7e]{1,200}$/.test(header)) return header
  throw invalid([{ field: 'Idempotency-Key', message: 'is 1 to 200 visible ASCII characters' }])
}

export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}

/** Answers once, and repeats the answer for the same request under the same key. */
export async function once(
  request: { readonly identity: Identity; readonly key: string; readonly asks: unknown; readonly now: string },
  store: IdempotencyKeyStore,
  answer: () => Promise<Answer>,
): Promise<Answer> {
  const { identity, key, now } = request
  const { organisation, actor } = identity
  const begun = await store.beginRequest({ organisation, actor, key, requestHash: hashOf(request.asks), now })
  switch (begun.outcome) {
    case 'replay':
      return { status: begun.status, body: begun.body, headers: { 'Idempotency-Replayed': 'true' } }
    case 'conflict':
      throw new Problem('idempotency_conflict', `the key "${key}" was used for another request`)
    case 'in_progress':
      throw new Problem('in_progress', 'repeat it in a moment', {}, { 'Retry-After': '1' })
    case 'new':
      break
    default:
      begun satisfies never
  }
  const { claim } = begun as Extract<typeof begun, { outcome: 'new' }>
  try {
    const given = await answer()
    await keep(() => store.finishRequest(claim, { status: given.status, body: given.body }))
    return given
  } catch (error) {
    // A refusal stands. Anything else has changed nothing, or nobody knows: then the repetition must find out.
    if (error instanceof Problem && (error.status === 403 || error.status === 409)) {
      await keep(() => store.finishRequest(claim, { status: error.status, body: error.body() }))
    } else {
      await keep(() => store.abandonRequest(claim))
    }
    throw error
  }
}

/** What was done is answered also when the store is gone: the claim then runs out, and what is repeated is recognised. */
async function keep(write: () => Promise<void>): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
  }
}
