import { beginClock } from '../clock/ladder.ts'
import { tell } from '../clock/people.ts'
import type { Refusal } from '../input.ts'
import { emit, type Turn } from '../turn.ts'
import { refuse } from './refuse.ts'

/** Stops what its type blocks, until it is released: its own ladder makes sure that it is not forgotten. */
export function placeHold(turn: Turn, asked: string | undefined): Refusal | undefined {
  const type = asked ?? Object.keys(turn.definition.holds)[0]
  const declared = type === undefined ? undefined : turn.definition.holds[type]
  if (type === undefined || declared === undefined) return refuse('invalid', 'no such type of hold', 'hold')
  if (turn.state.compensation?.goal.kind === 'close') return refuse('not_applicable', 'the order is being cancelled')
  if (Object.values(turn.state.holds).some(hold => hold.type === type)) {
    return refuse('not_applicable', `the order has a hold "${type}" already`)
  }
  const hold = `${turn.state.counted.holds + 1}`
  const calendar = turn.definition.calendars[turn.definition.calendar]!
  const clock = beginClock(declared.ladder, calendar, turn.at)
  emit(turn, 'hold.placed', { hold, type, owner: declared.owner, clock })
  tell(turn, { subject: `hold:${hold}`, target: 'owner', owner: declared.owner, about: 'hold' })
  return
}
