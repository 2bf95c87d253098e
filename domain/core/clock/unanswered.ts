import type { Event, EventOf } from '../events/event.ts'
import { type OrderState, without } from '../state.ts'

/*
 * How long nobody has answered. After three notices about a subject without an answer the next goes one level up,
 * whatever its rung says; a rung that goes up by itself begins a new three. An answer is what a person does about the
 * subject, or that it moves on.
 */

/** Of the notices about one subject since the last answer. */
export interface Unanswered {
  /** How high the highest of them went: 0 for the owner, 1 for another target, and one more for each level above it. */
  readonly height: number
  /** How many there have been since one first went so high. */
  readonly times: number
  /** How high the rule has raised them. */
  readonly raised: number
}

const noticesBeforeNextLevel = 3

/** How many levels above its target the next notice goes; 0: to the target itself. */
export function levelAbove(state: OrderState, subject: string, target: string, owner: string): number {
  return levelAfter(state.unanswered?.[subject], target, owner)
}

/** The same where these are the notices so far. */
export function levelAfter(before: Unanswered | undefined, target: string, owner: string): number {
  if (before === undefined) return 0
  const own = heightOf(target, owner)
  const height = Math.max(own, before.raised)
  const isDue = before.times >= noticesBeforeNextLevel && height <= before.height
  return (isDue ? before.height + 1 : height) - own
}

type Counts = Readonly<Record<string, Unanswered>>
const none: Counts = {}

/** The counts after an event, its own effect on the state being `after`. */
export function countUnanswered(before: OrderState, after: OrderState, event: Event): Counts {
  const counts = before.unanswered ?? none
  switch (event.type) {
    case 'notice.requested':
      return counted(counts, after, event)
    case 'step.transferred':
      return isPerson(event.actor)
        ? without(counts, `step:${event.data.step}`)
        : told(counts, `step:${event.data.step}`)
    case 'review.transferred':
      return isPerson(event.actor)
        ? without(counts, `review:${event.data.review}`)
        : told(counts, `review:${event.data.review}`)
    case 'step.claimed':
      return without(counts, `step:${event.data.step}`)
    case 'review.claimed':
      return without(counts, `review:${event.data.review}`)
    case 'hold.placed':
    case 'compensation.started':
      return isPerson(event.actor) ? none : counts
    default:
      return before.clocks === after.clocks ? counts : onlyThoseWithClocks(counts, after)
  }
}

/** What cannot be delivered is told again to others: that is no further notice. What has no ladder is told once. */
function counted(counts: Counts, { clocks }: OrderState, { data }: EventOf<'notice.requested'>): Counts {
  const { subject, target, owner, level = 0, about } = data
  if (about === 'undelivered' || about === 'last-resort' || clocks[subject] === undefined) return counts
  return { ...counts, [subject]: withNotice(counts[subject], target, owner, level) }
}

/** One more notice that nobody has answered yet. */
export function withNotice(before: Unanswered | undefined, target: string, owner: string, level: number): Unanswered {
  const height = heightOf(target, owner) + level
  const isHigher = before === undefined || height > before.height
  return {
    height: isHigher ? height : before.height,
    times: isHigher ? 1 : before.times + 1,
    raised: level > 0 ? height : (before?.raised ?? 0),
  }
}

/** By the clock it has come to a new owner, who has been told once. */
function told(counts: Counts, subject: string): Counts {
  return { ...counts, [subject]: { height: 0, times: 1, raised: 0 } }
}

/** A ladder that is over has nobody left to answer. */
function onlyThoseWithClocks(counts: Counts, { clocks }: OrderState): Counts {
  let left = counts
  for (const subject in counts) if (clocks[subject] === undefined) left = without(left, subject)
  return left
}

function heightOf(target: string, owner: string): number {
  return target === owner ? 0 : 1
}

/** The machines that act on an order have a colon in their name, or are these. */
function isPerson(actor: string): boolean {
  return !actor.includes(':') && actor !== 'clock' && actor !== 'notice' && actor !== 'temporal'
}
