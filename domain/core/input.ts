import type { CallOutcome } from '../call.ts'
import type { Fact } from '../fact.ts'
import type { Order } from '../order/order.ts'
import type { AllowedRow, FullRow } from '../permission/permits.ts'
import type { StandIn } from '../presence.ts'
import type { Command } from './commands/command.ts'
import type { MergeAnswer, MergeMessage } from './commands/merging.ts'
import type { CallKind } from './events/event.ts'

/** Who asks, as the API has authenticated them, with the rows of today's matrix that concern this command. */
export interface Caller {
  readonly actor: string
  readonly roles: readonly string[]
  readonly organisation: string
  /** A backend, not a person. */
  readonly service?: true
  readonly matrixVersion: string
  readonly allowed: readonly AllowedRow[]
  /** Of `confirm` and `decline`: today's rows of the commands that another person must confirm. */
  readonly proposable?: Readonly<Record<string, readonly FullRow[]>>
  /** Of `confirm`: who has left, so that nothing is done any more that they asked for. */
  readonly left?: readonly string[]
  /** Those who are not there and in whose place the caller acts, each with what the caller may do in their place. */
  readonly standsInFor?: readonly Absent[]
}

export interface Absent {
  readonly id: string
  readonly because: StandIn['because']
  /** The caller's own roles and theirs. */
  readonly roles: readonly string[]
  readonly allowed: readonly AllowedRow[]
}

/** What became of telling somebody. A notice is always answered: its activity ends after a minute at the latest. */
export type NoticeOutcome =
  | {
      readonly ok: true
      readonly persons: readonly string[]
      readonly channel: string
      /** Which of them were told in the place of somebody who is not there. */
      readonly standIns?: readonly StandIn[]
      /** There is nobody as far up as the notice was to go. */
      readonly top?: boolean
    }
  | { readonly ok: false; readonly reason: string }

/** Everything that can happen to an order. `at` is the workflow's time of acceptance, ISO 8601 UTC. */
export type Input = { readonly at: string } & (
  | { readonly type: 'start'; readonly order: Order }
  | { readonly type: 'command'; readonly command: Command; readonly caller: Caller }
  | { readonly type: 'fact'; readonly fact: Fact }
  | {
      readonly type: 'result'
      readonly call: { readonly step: string; readonly round: number; readonly kind: CallKind }
      readonly outcome: CallOutcome
    }
  | { readonly type: 'notice'; readonly notice: string; readonly outcome: NoticeOutcome }
  /** The orders that come in its place have been begun, under these numbers. */
  | { readonly type: 'begun'; readonly orders: readonly string[] }
  /** Another order leads a merge and says this; or what another order has answered to what this one has said. */
  | { readonly type: 'merge'; readonly message: MergeMessage }
  | {
      readonly type: 'member'
      readonly orderNo: string
      readonly kind: MergeMessage['kind']
      readonly answer: MergeAnswer
    }
  | { readonly type: 'clock' }
  /** Its workflow was lost, and somebody lets it go on. */
  | ({ readonly type: 'restored' } & Restoration)
  | { readonly type: 'cancellation'; readonly reason?: string }
)

/** `lost`: what had become of the workflow. */
export interface Restoration {
  readonly by: string
  readonly reason: string
  readonly lost: string
}

export const refusalCodes = [
  'invalid',
  'not_permitted',
  'stale',
  'closed',
  'not_applicable',
  'irreversible',
  'below_shipped',
  'call_in_flight',
  'does_not_add_up',
  'nothing_left',
  'already_shipped',
  'money_captured',
  'number_taken',
  'strangers',
] as const
export type RefusalCode = (typeof refusalCodes)[number]

/** A refusal is a value: nothing has changed, and it says why. */
export interface Refusal {
  readonly ok: false
  readonly code: RefusalCode
  readonly message: string
  /** The field of the command at fault. */
  readonly field?: string
}
