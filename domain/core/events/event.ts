import { z } from 'zod'
import { exceptionKinds, exceptionOutcomes } from '../../exception/kind.ts'
import { factData } from '../../fact.ts'
import type { Order } from '../../order/order.ts'
import { changeEvents } from './change-events.ts'
import { clockData } from './clock-data.ts'
import { mergeEvents } from './merge-events.ts'
import { noticeEvents, standIn } from './notice-events.ts'
import { proposalEvents } from './proposal-events.ts'
import { successorEvents } from './successor-events.ts'

/*
 * The journal's entries: one closed union. Renaming a type or a field breaks the journals that exist: it needs an
 * upcaster. Everything `evolve` needs is in the event, so that a journal can be folded without its definition.
 */

const at = z.iso.datetime()
const count = z.int().nonnegative()
const lines = z.array(z.object({ line: z.int().positive(), sku: z.string(), quantity: count }))
const parcels = z.array(z.object({ id: z.string(), lines }))

/** How much was done in the world: what a call or a fact adds to the order's quantities and money. */
export const effectData = z.object({
  effect: z.enum([
    'authorise',
    'void',
    'capture',
    'refund',
    'reserve',
    'release',
    'ship',
    'recall',
    'deliver',
    'lose',
    'return',
    'pay',
    'write_off',
    'none',
  ]),
  amountMinor: count.optional(),
  lines: lines.optional(),
  parcels: parcels.optional(),
  implied: lines.optional().describe('of what was shipped, or recalled: what no step had reserved before'),
})

const step = { step: z.string(), round: z.int().positive() }
const clock = { clock: clockData.nullable().describe('where its ladder now stands; null: it has none, or has ended') }
const call = { ...step, kind: z.enum(['do', 'undo', 'check']) }
const callInput = z.object({
  currency: z.string().optional(),
  exponent: count.optional(),
  amountMinor: count.optional(),
  lines: lines.optional(),
  parcels: parcels.optional(),
  customer: z.object({ id: z.string(), name: z.string() }).optional(),
  attributes: z.record(z.string(), z.unknown()).optional(),
})
const goal = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('close'), status: z.enum(['cancelled', 'voided', 'split', 'merged']) }),
  z.object({ kind: z.literal('rewind'), to: z.string() }),
])

export const eventData = {
  'order.received': z
    .object({
      order: z.custom<Order>(),
      process: z.object({ id: z.string(), version: z.int() }),
      flow: z.enum(['outbound', 'inbound', 'return', 'none']),
      steps: z.array(z.object({ id: z.string(), owner: z.string() })),
    })
    .describe('an order was placed, with its content and the version of the process that it follows'),
  'order.closed': z
    .object({
      status: z.enum(['completed', 'cancelled', 'voided', 'split', 'merged']),
      into: z.array(z.string()).optional().describe('the orders that have come in its place'),
    })
    .describe('the order has come to its end: nothing is under way any more, every effect is kept or undone'),
  'order.restored': z
    .object({ lost: z.string().describe('what had become of its workflow') })
    .describe('its workflow was lost, and somebody has let the order go on'),
  'step.entered': z.object({ ...step, owner: z.string(), ...clock }).describe('a step has begun'),
  'step.completed': z
    .object({ ...step, how: z.enum(['approved', 'call', 'fact', 'part', 'override']) })
    .describe(
      'a step is done: approved by a person, by its call, by a fact, with a part given up, or because a person says that it has been done',
    ),
  'step.rejected': z.object(step).describe('a person has said no to a task'),
  'step.skipped': z
    .object({
      ...step,
      because: z.enum(['condition', 'fallback', 'failure', 'command']),
      values: z.record(z.string(), z.string()).optional(),
    })
    .describe('a step is passed over: its condition does not hold, or its fallback or failure or a person says so'),
  'step.partial': z
    .object({ ...step, outstanding: lines, ...clock })
    .describe('only a part of a reservation came off; the rest is waited for'),
  'step.failed': z
    .object({ ...step, code: z.string(), message: z.string() })
    .describe('a step cannot go on by itself: a review of it follows'),
  'step.withdrawn': z.object(step).describe('a step that was under way is no longer wanted'),
  'step.retried': z
    .object({ ...step, what: z.enum(['begin', 'accept', 'undo', 'keep']) })
    .describe('a failed step goes on: begun again, taken as it came off late, undone again, or kept as it is'),
  'step.reopened': z
    .object(step)
    .describe('an amend has made something of a step due that was done or passed over: it waits to be begun again'),
  'step.reset': z.object(step).describe('a step has been undone and waits for its new round'),
  'step.transferred': z
    .object({ ...step, from: z.string(), to: z.string(), standIn: standIn.optional() })
    .describe('a step has another owner; `standIn`: who acts while that person is not there'),
  'step.claimed': z
    .object({ ...step, from: z.string(), to: z.string() })
    .describe('one of those whose role owns a step has taken it upon themselves'),
  'call.started': z
    .object({
      ...call,
      operation: z.string(),
      key: z.string().describe('`organisation/orderNo/step/round`'),
      giveUpAt: at,
      input: callInput,
    })
    .describe('a connector is to be called, by this key, until this time'),
  'call.succeeded': z
    .object({
      ...call,
      reference: z.string().optional(),
      effect: effectData,
      late: z.boolean().optional(),
    })
    .describe('a call has come off; `effect` is what it moved'),
  'call.failed': z
    .object({
      ...call,
      code: z.string(),
      message: z.string(),
      certainty: z.enum(['not_done', 'unknown']),
    })
    .describe('a call has not come off, or (`unknown`) nobody knows'),
  'call.cancelling': z
    .object({ ...call, because: z.enum(['gave_up', 'withdrawn']) })
    .describe('a call is no longer wanted; its outcome is still awaited'),
  'rung.fired': z
    .object({
      subject: z.string(),
      rung: count,
      action: z.enum(['remind', 'escalate', 'transfer', 'fallback']),
      target: z.string().optional(),
      fallback: z.enum(['cancel', 'review', 'continue', 'release']).optional(),
      repeat: count.describe('0 for the rung itself, then the number of the repeat'),
      missed: count.optional().describe('repeats that fell due while nobody could fire them'),
      ...clock,
    })
    .describe('the clock has climbed a rung of a ladder'),
  'clock.checking': z
    .object({ subject: z.string(), ...clock })
    .describe('the outside world is asked before a rung fires'),
  'clock.paused': z
    .object({ subject: z.string(), ...clock })
    .describe('a hold or a review of the whole order has stopped the ladder of a step'),
  'clock.postponed': z
    .object({ subject: z.string(), ...clock })
    .describe('the clock was away when a fallback fell due: it gets its time once more'),
  'clock.resumed': z
    .object({ subject: z.string(), ...clock })
    .describe('the ladder of a step goes on with what was left of it'),
  ...changeEvents,
  ...noticeEvents,
  'review.opened': z
    .object({
      review: z.string(),
      scope: z.enum(['step', 'order']),
      step: z.string().optional(),
      code: z.string(),
      message: z.string(),
      owner: z.string(),
      ...clock,
    })
    .describe('a person must look at a step or at the whole order'),
  'review.closed': z.object({ review: z.string(), because: z.string() }).describe('a review has ended'),
  'review.transferred': z
    .object({ review: z.string(), from: z.string(), to: z.string(), standIn: standIn.optional() })
    .describe('a review has another owner; `standIn`: who acts while that person is not there'),
  'review.claimed': z
    .object({ review: z.string(), from: z.string(), to: z.string() })
    .describe('one of those whose role owns a review has taken it upon themselves'),
  'deputy.acted': z
    .object({ insteadOf: z.string(), because: z.enum(['absent', 'left']) })
    .describe('the command was given in the place of this person, who is not there'),
  'hold.placed': z
    .object({ hold: z.string(), type: z.string(), owner: z.string(), ...clock })
    .describe('the order is held'),
  'hold.released': z.object({ hold: z.string() }).describe('a hold has ended'),
  'compensation.started': z
    .object({ goal, steps: z.array(z.string()) })
    .describe('what these steps did is taken back, to cancel the order or to go back to a step'),
  'compensation.ended': z.object({ goal }).describe('all of it has been taken back'),
  'fact.received': z
    .object({
      fact: factData,
      handling: z.enum(['taken', 'early', 'recorded', 'ignored', 'contradicts', 'cancel', 'review']),
      step: z.string().optional(),
      effect: effectData.optional(),
    })
    .describe('an outside system has reported something, and what the order did with it'),
  'fact.applied': z
    .object({ source: z.string(), id: z.string(), step: z.string(), effect: effectData.optional() })
    .describe('a fact that came before its step has been booked'),
  ...proposalEvents,
  ...successorEvents,
  ...mergeEvents,
  'override.made': z
    .object({
      status: z.string(),
      evidence: z.string(),
      step: z.string().optional(),
      round: z.int().positive().optional(),
      effect: effectData.optional().describe('what the world has done, as far as no fact says it'),
      mark: z.enum(['done', 'none', 'undone', 'kept']).optional().describe('what the step counts as from now on'),
    })
    .describe('a person has set the order right about what the world has done already, with evidence'),
  'lines.cancelled': z.object({ lines }).describe('quantities that are no longer wanted'),
  'exception.raised': z
    .object({
      exception: z.string(),
      kind: z.enum(exceptionKinds),
      step: z.string().optional(),
      owner: z.string(),
      evidence: z.looseObject({ expected: z.string(), seen: z.string(), since: at }),
    })
    .describe('something is abnormal; one that is open for the same cause is counted, not raised again'),
  'exception.resolved': z
    .object({ exception: z.string(), outcome: z.enum(exceptionOutcomes) })
    .describe('an exception has ended'),
} as const

export type EventType = keyof typeof eventData
export type EventData<T extends EventType> = z.infer<(typeof eventData)[T]>

/** An entry of the journal. `actor` is a person, a service, `clock`, `fact:<source>`, `call:<operation>` or `temporal`. */
export type Event = {
  [T in EventType]: {
    readonly seq: number
    readonly at: string
    readonly type: T
    readonly actor: string
    readonly reason?: string
    /** Id of the command that it is the first consequence of. */
    readonly command?: string
    /** Of the same: by which version of which permission matrix it was judged, as `standard/1`. */
    readonly matrix?: string
    readonly data: EventData<T>
  }
}[EventType]

export type EventOf<T extends EventType> = Extract<Event, { type: T }>
export type AppliedEffect = z.infer<typeof effectData>
export type Clock = z.infer<typeof clockData>
export type Goal = z.infer<typeof goal>
export type CallKind = 'do' | 'undo' | 'check'
export type CallInput = z.infer<typeof callInput>
