import type { Step } from '../../definition/compiled-definition.ts'
import { cancelOrder } from '../compensate.ts'
import { complete } from '../complete-step.ts'
import { untouchedLines } from '../outstanding.ts'
import { quantityOf } from '../result-effect.ts'
import { emit, type Turn } from '../turn.ts'

/** Cancels what cannot be had and goes on with the rest; where nothing is left, there is no order any more. */
export function goOnWithout(turn: Turn, step: Step): void {
  const missing = untouchedLines(turn.state)
  const left = turn.state.lines.some(line => line.ordered - line.cancelled > quantityOf(missing, line.line))
  if (!left) return cancelOrder(turn, 'nothing of the order can be had', step)
  if (missing.length > 0) emit(turn, 'lines.cancelled', { lines: missing })
  complete(turn, step, 'part')
}
