import type { NoticeOutcome } from '../domain/core/input.ts'
import type { Person } from '../domain/directory.ts'
import type { StoredDelivery } from '../store/outbox.ts'

/** What has become of telling these people, as far as it is known. */
export interface Known {
  /** As things stand. */
  readonly outcome: NoticeOutcome
  /** Somebody may still be told, or not, before long: a channel has it. */
  readonly open: boolean
}

interface Told {
  readonly person: string
  readonly state: 'told' | 'held' | 'open' | 'failed'
  readonly channel: string
  readonly reason: string
}

/**
 * `inboxes`: of whom the inbox counts. `heldAfter`: what has not been tried, and waits for its time until then (quiet
 * hours, a robot's rate), is in safe hands: it counts as told.
 */
export function outcomeOf(
  people: readonly Person[],
  inboxes: ReadonlySet<string>,
  rows: readonly StoredDelivery[],
  heldAfter: string,
): Known {
  const told = people.map(({ id }) =>
    ofPerson(
      id,
      inboxes.has(id),
      rows.filter(row => row.person === id && row.channel !== 'inbox'),
      heldAfter,
    ),
  )
  const reached = [...told.filter(one => one.state === 'told'), ...told.filter(one => one.state === 'held')]
  const open = told.some(one => one.state === 'open')
  const first = reached[0]
  if (first !== undefined) {
    return { outcome: { ok: true, persons: reached.map(one => one.person), channel: first.channel }, open }
  }
  const reason = told.map(({ person, reason: why }) => `${person}: ${why}`).join('; ')
  return { outcome: { ok: false, reason: reason.slice(0, 500) }, open }
}

function ofPerson(person: string, hasInbox: boolean, rows: readonly StoredDelivery[], heldAfter: string): Told {
  const why = rows.flatMap(({ channel, lastError }) => (lastError === null ? [] : [`${channel}: ${lastError}`]))
  const reason = why.join(', ') || (rows.length === 0 ? 'no channel' : `${rows[0]!.channel} has not sent it yet`)
  const sent = rows.find(row => row.state === 'sent')
  if (sent !== undefined) return { person, state: 'told', channel: sent.channel, reason }
  const waiting = rows.find(row => row.state === 'waiting' || row.state === 'sending')
  if (waiting !== undefined) {
    const held = waiting.state === 'waiting' && waiting.tries === 0 && (waiting.dueAt ?? '') > heldAfter
    if (held) return { person, state: 'held', channel: waiting.channel, reason }
  }
  if (hasInbox) return { person, state: 'told', channel: 'inbox', reason }
  return { person, state: waiting === undefined ? 'failed' : 'open', channel: waiting?.channel ?? '', reason }
}
