import type { StandIn } from '../../presence.ts'
import { tell } from '../clock/people.ts'
import type { Refusal } from '../input.ts'
import { emit, stepState, type Turn } from '../turn.ts'
import { chosen } from './chosen-step.ts'
import { refuse } from './refuse.ts'

/** Moves a step or a review to another owner; the ladder goes on. */
export function transfer(turn: Turn, subject: string, to: string, standIn?: StandIn): void {
  const [kind, id = ''] = subject.split(':')
  const extra = standIn === undefined ? {} : { standIn }
  if (kind === 'step') {
    const step = turn.state.steps[id]
    if (step === undefined || step.owner === to || (step.state !== 'active' && step.state !== 'partial')) return
    emit(turn, 'step.transferred', { step: id, round: step.round, from: step.owner, to, ...extra })
  }
  if (kind === 'review') {
    const review = turn.state.reviews[id]
    if (review === undefined || review.owner === to) return
    emit(turn, 'review.transferred', { review: id, from: review.owner, to, ...extra })
  }
}

/** A person passes it on, and says why. */
export function transferTo(turn: Turn, named: string | undefined, to: string): Refusal | undefined {
  const subject = subjectOfStep(turn, 'transfer', named)
  if (typeof subject !== 'string') return subject
  if (ownerOf(turn, subject) === to) return refuse('not_applicable', `it is ${to}'s already`, 'to')
  transfer(turn, subject, to)
  tell(turn, { subject, target: to, owner: to, about: subject.startsWith('review:') ? 'review' : 'entered' })
  return
}

/** What a role owns becomes the task of one of its people; whoever else has the role sees who that is. */
export function claim(turn: Turn, named: string | undefined): Refusal | undefined {
  const subject = subjectOfStep(turn, 'claim', named)
  if (typeof subject !== 'string') return subject
  const [kind, id = ''] = subject.split(':')
  const from = ownerOf(turn, subject)
  if (!from.startsWith('role:'))
    return refuse('not_applicable', `it is ${from}'s already: only what a role owns is claimed`)
  if (kind === 'step') emit(turn, 'step.claimed', { step: id, round: stepState(turn, id).round, from, to: turn.actor })
  else emit(turn, 'review.claimed', { review: id, from, to: turn.actor })
  return
}

function ownerOf(turn: Turn, subject: string): string {
  const [kind, id = ''] = subject.split(':')
  return kind === 'step' ? stepState(turn, id).owner : (turn.state.reviews[id]?.owner ?? '')
}

/** The review of the whole order, or the step, or the review that the step is in. */
function subjectOfStep(turn: Turn, type: 'transfer' | 'claim', named: string | undefined): string | Refusal {
  const whole = Object.entries(turn.state.reviews).find(([, review]) => review.step === undefined)
  if (named === undefined && whole !== undefined) return `review:${whole[0]}`
  const step = chosen(turn, type, named)
  if ('ok' in step) return step
  const review = Object.entries(turn.state.reviews).find(([, other]) => other.step === step.id)
  return review === undefined ? `step:${step.id}` : `review:${review[0]}`
}
