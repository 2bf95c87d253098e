import type { Share } from '../../order/merged-order.ts'
import type { Caller, Refusal } from '../input.ts'
import type { LineState, OrderState } from '../state.ts'

/*
 * Several orders become one, in two phases. One of them leads. It asks the others; whoever agrees holds itself still for
 * a time. Once all have agreed, each takes back what was done for it and then stands ready; once all are ready the
 * lead begins the new order; then the others close, and the lead last. Until the new order is begun anybody may go back.
 */

export type Merging = Lead | Member

export interface Lead {
  readonly role: 'lead'
  readonly merge: string
  /** Of the new order, if it is free. */
  readonly into: string
  /** `releasing`: it has come to nothing, and the others are told. */
  readonly phase: 'asking' | 'undoing' | 'releasing'
  readonly members: Readonly<Record<string, { readonly stands: Standing; readonly share?: Share }>>
  readonly own: Share
  readonly caller: Caller
  /** When it gives up waiting, and goes back, or asks a person. */
  readonly lapsesAt: string
}

export interface Member {
  readonly role: 'member'
  readonly merge: string
  readonly lead: string
  /** Once it is ready it may not leave by itself: the new order may have been begun. */
  readonly phase: 'agreed' | 'undoing' | 'ready' | 'begun'
  readonly into: string
  readonly share: Share
  readonly lapsesAt: string
}

export type Standing = 'asked' | 'agreed' | 'ready' | 'closed' | 'left'

/** What the lead says to a member; the same again changes nothing. */
export type MergeMessage =
  | {
      readonly kind: 'ask'
      readonly merge: string
      readonly lead: string
      readonly into: string
      readonly customerId: string
      readonly currency: string
      readonly process: string
      readonly lapsesAt: string
      readonly caller: Caller
    }
  | { readonly kind: 'go' | 'release'; readonly merge: string }
  | { readonly kind: 'close'; readonly merge: string; readonly into: string }

export type MergeAnswer = { readonly ok: true; readonly isReady: boolean; readonly share?: Share } | Refusal

/** How long everybody has to agree, and how long a member stays held by its word. */
export const askedMs = 120_000
export const agreedMs = 600_000
/** How long taking back may take, before it is given up or a person is asked. */
export const undoingMs = 3_600_000

/** What is left of an order, as it would go into another one. */
export function shareOf({ order, lines }: OrderState): Share {
  return {
    lines: lines.flatMap(({ line, sku, ordered, cancelled }: LineState) => {
      const quantity = ordered - cancelled
      return quantity > 0 ? [{ sku, quantity, unitPriceMinor: order.lines[line - 1]?.unitPriceMinor ?? 0 }] : []
    }),
    charges: order.charges,
  }
}

/** It stands still for the sake of a merge. */
export function isMerging({ merging }: OrderState): boolean {
  return merging !== undefined && merging.phase !== 'releasing'
}

/** The new order may have been begun: nobody may leave any more. */
export function isBound({ merging, successors }: OrderState): boolean {
  if (successors !== undefined) return successors.phase !== 'undoing'
  return merging?.role === 'member' && (merging.phase === 'ready' || merging.phase === 'begun')
}

export interface PendingMessage {
  readonly orderNo: string
  readonly message: MergeMessage
}

/** What the lead should be saying now, and to whom. */
export function pendingMessages({ order, process: own, merging, successors }: OrderState): PendingMessage[] {
  if (merging?.role !== 'lead') return []
  const { merge, into, lapsesAt, caller } = merging
  return Object.entries(merging.members).flatMap(([orderNo, { stands }]): PendingMessage[] => {
    if (stands === 'closed' || stands === 'left') return []
    const say = (message: MergeMessage) => [{ orderNo, message }]
    if (merging.phase === 'releasing') return say({ kind: 'release', merge })
    if (stands === 'asked') {
      const which = { customerId: order.customer.id, currency: order.currency, process: own.id }
      const until = new Date(Date.parse(lapsesAt) + agreedMs).toISOString()
      return say({ kind: 'ask', merge, lead: order.orderNo, into, ...which, lapsesAt: until, caller })
    }
    if (merging.phase === 'undoing' && stands === 'agreed') return say({ kind: 'go', merge })
    const [begun] = successors?.orders ?? []
    return stands === 'ready' && begun !== undefined ? say({ kind: 'close', merge, into: begun }) : []
  })
}
