import type { Response } from 'express'
import type { RateLimits } from '../../config/auth-environment.ts'
import type { Identity } from '../../domain/permission/caller.ts'
import { Problem } from './problem.ts'

/** Counts requests, says in each answer how many are left, and refuses those that are too many. @throws Problem 429 */
export interface Rates {
  countIdentity(identity: Identity, response: Response): void
  countAddress(address: string, response: Response): void
}

const windowMs = 60_000
/** Whoever comes from ever new addresses is counted as one after so many. */
const mostCounted = 100_000

/** Each process of the API counts by itself, in memory: a request costs nothing but a look into a map. */
export function rates({ perIdentity, perAddress }: RateLimits, clock: () => Date): Rates {
  let endsAtMs = 0
  const counts = new Map<string, number>()
  const count = (policy: 'caller' | 'address', who: string, limit: number, response: Response): void => {
    const nowMs = clock().getTime()
    if (nowMs >= endsAtMs || nowMs < endsAtMs - windowMs) {
      counts.clear()
      endsAtMs = nowMs + windowMs
    }
    const known = `${policy} ${who}`
    const counted = counts.has(known) || counts.size < mostCounted ? known : `${policy} others`
    const made = (counts.get(counted) ?? 0) + 1
    counts.set(counted, made)
    const secondsLeft = Math.ceil((endsAtMs - nowMs) / 1000)
    response.setHeader('RateLimit-Policy', `"${policy}";q=${limit};w=${windowMs / 1000}`)
    response.setHeader('RateLimit', `"${policy}";r=${Math.max(0, limit - made)};t=${secondsLeft}`)
    if (made <= limit) return
    const detail = `more than ${limit} requests in a minute; go on in ${secondsLeft} s`
    throw new Problem('too_many_requests', detail, {}, { 'Retry-After': String(secondsLeft) })
  }
  return {
    countIdentity: ({ organisation, actor }, response) =>
      count('caller', `${organisation}/${actor}`, perIdentity, response),
    countAddress: (address, response) => count('address', networkOf(address), perAddress, response),
  }
}

/** One household has as many IPv6 addresses as it likes: its network is counted. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address
  const [head = '', tail] = address.split('::')
  const groups = head.split(':').filter(group => group !== '')
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter(group => group !== '').length
  return [...groups, ...Array<string>(Math.max(0, missing)).fill('0')].slice(0, 4).join(':')
}
