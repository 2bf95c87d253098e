import type { Step } from '../../definition/compiled-definition.ts'
import { cancelOrder } from '../effects/compensate.ts'
import { untouchedLines } from '../effects/outstanding.ts'
import { quantityOf } from '../effects/result-effect.ts'
import { complete } from '../steps/complete-step.ts'
import { emit, type Turn } from '../turn.ts'

/** Cancels what cannot be had and goes on with the rest; where nothing is left, there is no order any more. */
export function goOnWithout(turn: Turn, step: Step): void {
  const missing = untouchedLines(turn.state)
  const left = turn.state.lines.some(line => line.ordered - line.cancelled > quantityOf(missing, line.line))
  if (!left) return cancelOrder(turn, 'nothing of the order can be had', step)
  if (missing.length > 0) emit(turn, 'lines.cancelled', { lines: missing })
  complete(turn, step, 'part')
}
